import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts the app by way of something else: shells, several commands, stages, aliases, variables that replace others.

const P = "--import flushguard/register";
const O = `NODE_OPTIONS="${P}"`;
const s = (all: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts: all }) });
const good = s({ start: `node ${P} app.js` });

type Files = Record<string, string>;

describe("guarded", () => {
  it.each<[string, Files]>([
    [
      "the preload as an image has it",
      {
        Dockerfile:
          'FROM node\nCMD ["node", "--import", "file:///app/node_modules/flushguard/dist/register.js", "a.js"]\n',
      },
    ],
    [
      "a copy that is here",
      { ...s({ start: "node --import ./lib/flushguard/register.js a.js" }), "lib/flushguard/register.js": "" },
    ],
    [
      "sh script via Dockerfile good",
      {
        ...s({ start: "node app.js" }),
        Dockerfile: 'FROM node\nCMD ["./start.sh"]\n',
        "start.sh": `#!/bin/sh\nexec node ${P} app.js\n`,
      },
    ],
    ["sh export good", { ...s({ start: "./start.sh" }), "start.sh": `#!/bin/sh\nexport ${O}\nexec node app.js\n` }],
    ["sh npm start", { ...good, Procfile: "web: bash run.sh\n", "run.sh": `npm run build\nnpm start\n` }],
    ["shebang node -S", { Dockerfile: 'FROM node\nCMD ["./bin/www"]\n', "bin/www": `#!/usr/bin/env -S node ${P}\n` }],
    [
      "entrypoint passes",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
        "e.sh": '#!/bin/sh\nexec "$@"\n',
      },
    ],
    ["nodemon.json", { ...s({ start: "nodemon app.js" }), "nodemon.json": JSON.stringify({ exec: `node ${P}` }) }],
    [
      "compose target good",
      {
        Dockerfile: `FROM node AS prod\nCMD node ${P} app.js\nFROM node AS dev\nCMD node app.js\n`,
        "compose.yaml": "services:\n  app:\n    build:\n      context: .\n      target: prod\n",
      },
    ],
    [
      "docker build --target",
      {
        ...s({ docker: "docker build --target prod ." }),
        Dockerfile: `FROM node AS prod\nCMD node ${P} app.js\nFROM node AS dev\nCMD node app.js\n`,
      },
    ],
    [
      "anchors env good",
      {
        "compose.yaml": `x-env: &env\n  NODE_OPTIONS: ${P}\nservices:\n  a:\n    environment: *env\n    command: node a.js\n  b:\n    environment:\n      <<: *env\n      X: y\n    command: node b.js\n`,
      },
    ],
    [
      "anchor service merge",
      {
        "compose.yaml": `services:\n  a: &a\n    environment:\n      NODE_OPTIONS: ${P}\n    command: node a.js\n  b:\n    <<: *a\n    command: node b.js\n`,
      },
    ],
    ["npm npmrc", { ...s({ start: "node app.js" }), ".npmrc": `node-options=${P}\n`, Procfile: "web: npm start\n" }],
    ["fly.toml env", { "fly.toml": `app = "x"\n[env]\n  NODE_OPTIONS = "${P}"\n[processes]\n  app = "node app.js"\n` }],
    [
      "serverless both",
      {
        "serverless.yml": `functions:\n  a:\n    handler: a.h\n    environment:\n      NODE_OPTIONS: ${P}\n  b:\n    handler: b.h\n    environment:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    [
      "sam globals",
      {
        "template.yaml": `Globals:\n  Function:\n    Environment:\n      Variables:\n        NODE_OPTIONS: ${P}\nResources:\n  A:\n    Properties:\n      Handler: a.h\n`,
      },
    ],
    ["migrate first without", s({ start: `prisma migrate deploy && node ${P} app.js` })],
    ["code before the app", s({ start: `node -e 0 && node ${P} app.js` })],
    [
      "k8s flow env",
      {
        "d.yaml": `kind: Deployment\nspec:\n  containers:\n  - name: a\n    env: [{name: NODE_OPTIONS, value: "${P}"}]\n    command: ["node","job.js"]\n`,
      },
    ],
    ["npm script with double dash", s({ start: "npm run serve -- --port 3", serve: `node ${P} a.js` })],
    ["tsx watch", s({ start: `tsx watch ${P} a.ts` })],
    ["node --watch", s({ start: `node --watch ${P} a.js` })],
    ["node --env-file before", s({ start: `node --env-file .env ${P} a.js` })],
    ["node -r dotenv/config script", s({ start: `node -r dotenv/config ${P} a.js` })],
    ["time node", s({ start: `time node ${P} a.js` })],
    ["export and a command", s({ start: `export ${O} && node app.js` })],
    ["args with node word", s({ start: `node ${P} app.js --runtime node` })],
    ["2>&1", s({ start: `node ${P} app.js 2>&1 | pino-pretty` })],
    ["sh -c", { Dockerfile: `FROM node\nCMD ["sh", "-c", "node migrate.js && exec node ${P} app.js"]\n` }],
    ["shell form &&", { Dockerfile: `FROM node\nCMD npx prisma migrate deploy && node ${P} app.js\n` }],
    [
      "compose entrypoint sh -c",
      { "compose.yaml": `services:\n  a:\n    entrypoint: ["sh","-c"]\n    command: ["node ${P} a.js"]\n` },
    ],
    [
      "appended options",
      {
        Dockerfile: `FROM node\nENV ${O}\nENV NODE_OPTIONS="$NODE_OPTIONS --max-old-space-size=4096"\nCMD node app.js\n`,
      },
    ],
    ["one ENV two vars", { Dockerfile: `FROM node\nENV NODE_ENV=production ${O}\nCMD node app.js\n` }],
    [
      "compose healthcheck node",
      {
        "compose.yaml": `services:\n  a:\n    command: node ${P} a.js\n    healthcheck:\n      test: ["CMD","node","h.js"]\n`,
      },
    ],
    ["Dockerfile HEALTHCHECK", { Dockerfile: `FROM node\nHEALTHCHECK CMD node h.js\nCMD node ${P} a.js\n` }],
    ["Procfile release", { Procfile: `release: node migrate.js\nweb: node ${P} app.js\n` }],
    [
      "pm2-runtime in Dockerfile with eco",
      {
        Dockerfile: `FROM node\nCMD ["pm2-runtime","ecosystem.config.js"]\n`,
        "ecosystem.config.js": `module.exports={apps:[{script:"a.js",node_args:"${P}"}]}`,
      },
    ],
    ["prestart only", { ...s({ prestart: "node build.js", start: `node ${P} a.js` }) }],
    ["distroless node base entry", { Dockerfile: `FROM gcr.io/distroless/nodejs20\nENV ${O}\nCMD ["app.js"]\n` }],
    [
      "systemd EnvironmentFile",
      {
        "a.service": `[Service]\nWorkingDirectory=/x\nEnvironmentFile=app.env\nExecStart=/usr/bin/node a.js\n`,
        "app.env": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "systemd quoted",
      {
        "a.service": `[Service]\nWorkingDirectory=/x\nEnvironment="NODE_OPTIONS=${P}"\nExecStart=/usr/bin/node a.js\n`,
      },
    ],
    ["dotenvx", s({ start: `dotenvx run -- node ${P} app.js` })],
    [
      "dumb-init",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["dumb-init","--"]\nCMD ["node","--import","flushguard/register","app.js"]\n`,
      },
    ],
    [
      "cd and npm start, there with it",
      {
        "api/package.json": JSON.stringify({ scripts: { start: `node ${P} app.js` } }),
        Procfile: "web: cd api && npm start\n",
      },
    ],
  ])("%s", (_, files) => {
    expect(startsIn(directoryWith(files))).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    [
      "sh script via Dockerfile",
      { ...good, Dockerfile: 'FROM node\nCMD ["./start.sh"]\n', "start.sh": "#!/bin/sh\nnode app.js\n" },
    ],
    ["sh two nodes", { ...s({ start: "./start.sh" }), "start.sh": `#!/bin/sh\nnode ${P} a.js &\nnode b.js\n` }],
    ["shebang node", { ...good, Dockerfile: 'FROM node\nCMD ["./bin/www"]\n', "bin/www": "#!/usr/bin/env node\n" }],
    [
      "systemd shebang",
      {
        ...good,
        "a.service": "[Service]\nWorkingDirectory=/srv\nExecStart=/srv/bin/www\n",
        "bin/www": "#!/usr/bin/env node\n",
      },
    ],
    ["nodemon Procfile", { ...good, Procfile: "web: nodemon app.js\n" }],
    ["ts-node-dev", { ...good, Procfile: "web: ts-node-dev app.ts\n" }],
    ["babel-node", { ...good, Procfile: "web: babel-node app.js\n" }],
    [
      "compose target",
      {
        Dockerfile: `FROM node AS prod\nCMD node app.js\nFROM node AS last\nCMD node ${P} app.js\n`,
        "compose.yaml": "services:\n  app:\n    build:\n      context: .\n      target: prod\n",
      },
    ],
    [
      "anchors command bad",
      { "compose.yaml": `x-c: &c node b.js\nservices:\n  a:\n    command: node ${P} a.js\n  b:\n    command: *c\n` },
    ],
    ["yarn npmrc", { ...s({ start: "node app.js" }), ".npmrc": `node-options=${P}\n`, Procfile: "web: yarn start\n" }],
    [
      "npmrc, direct node in Dockerfile",
      { ...s({ start: "node app.js" }), ".npmrc": `node-options=${P}\n`, Dockerfile: "FROM node\nCMD node app.js\n" },
    ],
    [
      "extends other file",
      {
        Dockerfile: `FROM node\nCMD node ${P} a.js\n`,
        "compose.yaml": "services:\n  a:\n    build: .\n    extends:\n      file: common.yml\n      service: app\n",
        "common.yml": "services:\n  app:\n    command: node app.js\n",
      },
    ],
    ["heroku.yml", { ...good, "heroku.yml": "build:\n  docker:\n    web: Dockerfile\nrun:\n  web: node app.js\n" }],
    ["fly.toml", { ...good, "fly.toml": 'app = "x"\n[processes]\n  app = "node app.js"\n' }],
    ["render.yaml", { ...good, "render.yaml": "services:\n  - type: web\n    startCommand: node app.js\n" }],
    ["app.yaml GAE", { ...good, "app.yaml": "runtime: nodejs20\nentrypoint: node app.js\n" }],
    ["railway.json", { ...good, "railway.json": JSON.stringify({ deploy: { startCommand: "node app.js" } }, null, 1) }],
    [
      "serverless one of two",
      {
        "serverless.yml": `provider:\n  runtime: nodejs20.x\nfunctions:\n  a:\n    handler: a.h\n    environment:\n      NODE_OPTIONS: ${P}\n  b:\n    handler: b.h\n`,
      },
    ],
    ["serverless none, start good", { ...good, "serverless.yml": `functions:\n  a:\n    handler: a.h\n` }],
    [
      "sam one of two",
      {
        "template.yaml": `Resources:\n  A:\n    Properties:\n      Handler: a.h\n      Environment:\n        Variables:\n          NODE_OPTIONS: ${P}\n  B:\n    Properties:\n      Handler: b.h\n`,
      },
    ],
    ["concurrently one without", s({ start: `concurrently "node ${P} a.js" "node b.js"` })],
    ["&& second without", s({ start: `node ${P} migrate.js && node app.js` })],
    ["env -u", { Dockerfile: `FROM node\nENV ${O}\nCMD NODE_OPTIONS= node app.js\n` }],
    [
      "ENV override later",
      { Dockerfile: `FROM node\nENV ${O}\nENV NODE_OPTIONS=--max-old-space-size=4096\nCMD node app.js\n` },
    ],
    [
      "script overrides NODE_OPTIONS",
      {
        ...s({ start: "NODE_OPTIONS=--max-old-space-size=4096 node app.js" }),
        Dockerfile: `FROM node\nENV ${O}\nCMD npm start\n`,
      },
    ],
    [
      "compose env overrides",
      {
        Dockerfile: `FROM node\nENV ${O}\nCMD node app.js\n`,
        "compose.yaml":
          "services:\n  a:\n    build: .\n    environment:\n      NODE_OPTIONS: --max-old-space-size=4096\n",
      },
    ],
    [
      "compose override command for image",
      {
        Dockerfile: `FROM node\nCMD node ${P} app.js\n`,
        "compose.yaml": "services:\n  a:\n    build: .\n    command: node app.js\n",
      },
    ],
    [
      "set to something else, and a command",
      {
        ...s({ start: "export NODE_OPTIONS=--max-old-space-size=1 && node app.js" }),
        Dockerfile: `FROM node\nENV ${O}\nCMD npm start\n`,
      },
    ],
    [
      "compose extends command",
      { ...good, "compose.yaml": "services:\n  a:\n    image: x\n    command:\n      - node\n      - app.js\n" },
    ],
    [
      "compose profiles two files",
      {
        "compose.yaml": `services:\n  a:\n    command: node ${P} a.js\n`,
        "compose.prod.yaml": "services:\n  a:\n    command: node a.js\n",
      },
    ],
    [
      "k8s cronjob",
      {
        ...good,
        "cron.yaml": `kind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - name: a\n            command: ["node","job.js"]\n`,
      },
    ],
    ["pm2 js comment", { "ecosystem.config.js": `module.exports={apps:[{script:"a.js", // node_args: "${P}"\n}]}` }],
    ["recursion", s({ start: "npm run start" })],
    ["mutual", s({ start: "npm run b", b: "npm start" })],
    ["tsx no", s({ start: `tsx a.ts`, dev: `tsx ${P} a.ts` })],
    ["a URL with nothing behind it", s({ start: "node --import file:///nope/flushguard/dist/register.js a.js" })],
    ["a path with nothing behind it", s({ start: "node --import /nope/flushguard/dist/register.js a.js" })],
    ["the same in NODE_OPTIONS", s({ start: 'NODE_OPTIONS="--import=file:///nope/flushguard/register.js" node a.js' })],
    ["the same from here", s({ start: "node --import ./nope/flushguard/register.js a.js" })],
    ["no file of what is installed", s({ start: "node --import ./node_modules/flushguard/register.js a.js" })],
    ["what the package does not export", s({ start: "node --import flushguard/dist/register.js a.js" })],
    ["FLUSHGUARD=off elsewhere in chain", s({ start: `FLUSHGUARD=off npm run x`, x: `node ${P} a.js` })],
    ["Dockerfile ENV FLUSHGUARD off", { Dockerfile: `FROM node\nENV FLUSHGUARD=off\nCMD node ${P} a.js\n` }],
    ["ENV off, npm start", { ...good, Dockerfile: `FROM node\nENV FLUSHGUARD=off\nCMD npm start\n` }],
    [
      "compose off, npm start",
      { ...good, "compose.yaml": `services:\n  a:\n    environment:\n      FLUSHGUARD: off\n    command: npm start\n` },
    ],
    [
      "export off in sh",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nexport FLUSHGUARD=off\nexec node ${P} a.js\n` },
    ],
    ["sh -c export off", { Dockerfile: `FROM node\nCMD ["sh","-c","export FLUSHGUARD=off; node ${P} a.js"]\n` }],
    [".env off with env-file", { ...s({ start: `node --env-file=.env ${P} a.js` }), ".env": "FLUSHGUARD=off\n" }],
    [
      "env_file off",
      {
        "compose.yaml": `services:\n  a:\n    env_file: .env\n    command: node ${P} a.js\n`,
        ".env": "FLUSHGUARD=off\n",
      },
    ],
    ["npm in a folder that is not here", { ...good, Procfile: "web: cd api && npm start\n" }],
    ["pipe both node", s({ start: `node ${P} app.js | node pretty.js` })],
    ["background", s({ start: `node w.js & node ${P} app.js` })],
    ["sh -c bad", { Dockerfile: `FROM node\nCMD ["sh", "-c", "node ${P} migrate.js && exec node app.js"]\n` }],
    ["yaml block bad", { "compose.yaml": `services:\n  a:\n    command: |\n      node ${P} m.js\n      node a.js\n` }],
    [
      "k8s sh -c args",
      {
        "d.yaml": `kind: Deployment\nspec:\n  containers:\n  - name: a\n    command: ["/bin/sh", "-c"]\n    args: ["node app.js"]\n`,
      },
    ],
    [
      "k8s override env of image",
      {
        Dockerfile: `FROM node\nENV ${O}\nCMD node app.js\n`,
        "d.yaml": `kind: Deployment\nspec:\n  containers:\n  - name: a\n    image: x\n    env:\n    - name: NODE_OPTIONS\n      value: --max-old-space-size=100\n`,
      },
    ],
    ["pm2-runtime direct", { ...good, Dockerfile: `FROM node\nCMD ["pm2-runtime","app.js"]\n` }],
    ["npx next start Procfile", { ...good, Procfile: `web: npx next start\n` }],
    ["node_modules/.bin/next start", { ...good, Procfile: `web: ./node_modules/.bin/next start\n` }],
    ["node node_modules/.bin/next", { ...good, Procfile: `web: node node_modules/next/dist/bin/next start\n` }],
    ["next standalone", { ...good, Dockerfile: `FROM node\nCMD HOSTNAME=0.0.0.0 node server.js\n` }],
    ["turbo", s({ start: "turbo run start", dev: `node ${P} a.js` })],
    ["pnpm --filter", { ...s({ start: "pnpm --filter api start" }) }],
    ["cd sub && node", { ...good, Procfile: "web: cd api && node app.js\n" }],
    ["npm-run-all", s({ start: "npm-run-all -p serve worker", serve: `node ${P} a.js`, worker: "node b.js" })],
    ["run-p", s({ start: "run-p serve worker", serve: `node ${P} a.js`, worker: "node b.js" })],
    [
      "concurrently npm:",
      s({ start: 'concurrently "npm:serve" "npm:worker"', serve: `node ${P} a.js`, worker: "node b.js" }),
    ],
    ["concurrently npm:*", s({ start: 'concurrently "npm:run:*"', "run:a": `node ${P} a.js`, "run:b": "node b.js" })],
    ["deno", { ...good, Procfile: "web: deno run app.ts\nworker: node w.js\n" }],
    ["bun", { ...good, Dockerfile: "FROM oven/bun\nCMD bun app.ts\n" }],
    ["lowercase dockerfile cmd", { ...good, Dockerfile: "from node\ncmd node app.js\n" }],
    ["dockerfile arg only", { ...good, Dockerfile: `FROM node\nARG ${O}\nCMD node app.js\n` }],
    ["crlf", { ...good, Dockerfile: `FROM node\r\nCMD ["node", "app.js"]\r\n` }],
    ["distroless no node word", { ...good, Dockerfile: `FROM gcr.io/distroless/nodejs20\nCMD ["app.js"]\n` }],
    [
      "systemd override env",
      {
        "a.service": `[Service]\nWorkingDirectory=/x\nEnvironment=${O}\nEnvironment=NODE_OPTIONS=--max-old-space-size=1\nExecStart=/usr/bin/node a.js\n`,
      },
    ],
    ["volta/nvm exec", { ...good, Procfile: "web: nvm exec 20 node app.js\n" }],
    [
      "commented NODE_OPTIONS in script sh",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\n# export ${O}\nnode app.js\n` },
    ],
    ["unset in sh", { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nexport ${O}\nunset NODE_OPTIONS\nnode app.js\n` }],
    [
      "sh if else",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nif [ x ]; then\n  node ${P} a.js\nelse\n  node a.js\nfi\n` },
    ],
    [
      "--prefix",
      { ...good, "api/package.json": '{"scripts":{"start":"node app.js"}}', Procfile: "web: npm --prefix api start\n" },
    ],
    [
      "cd and npm start",
      { ...good, "api/package.json": '{"scripts":{"start":"node app.js"}}', Procfile: "web: cd api && npm start\n" },
    ],
  ])("%s", (_, files) => {
    expect(startsIn(directoryWith(files))).toMatchObject({ preloaded: false });
  });
});
