import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

const PRELOAD = "--import flushguard/register";
const OPTIONS = `NODE_OPTIONS="${PRELOAD}"`;
const scripts = (all: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts: all }) });
const deployment = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${container}`;

type Files = Record<string, string>;

describe("guarded as it is started", () => {
  it.each<[string, Files]>([
    ["variable in a script", scripts({ start: `${OPTIONS} next start` })],
    ["cross-env", scripts({ start: `cross-env NODE_OPTIONS=--import=flushguard/register nest start` })],
    ["dotenv", scripts({ start: `dotenv -e .env -- node ${PRELOAD} app.js` })],
    ["a script that calls a script", scripts({ start: "npm run serve", serve: `node ${PRELOAD} app.js` })],
    ["by pnpm, with flags", scripts({ start: "pnpm run --silent serve", serve: `node ${PRELOAD} app.js` })],
    ["node --run", scripts({ start: "node --run serve", serve: `node ${PRELOAD} app.js` })],
    ["tsx", scripts({ start: `npx tsx ${PRELOAD} app.ts` })],
    ["behind another option", scripts({ start: `node -r dotenv/config --enable-source-maps ${PRELOAD} app.js` })],
    ["nodemon --exec", scripts({ start: `nodemon --exec 'node ${PRELOAD}' app.js` })],
    [
      "a file of the app's that loads it",
      {
        ...scripts({ start: "node --import ./instrument.mjs app.js" }),
        "instrument.mjs": 'import "flushguard/register";',
      },
    ],
    [
      "--env-file",
      { ...scripts({ start: "node --env-file=.env app.js" }), ".env": "NODE_OPTIONS=--import=flushguard/register\n" },
    ],
    [".npmrc", { ...scripts({ start: "node app.js" }), ".npmrc": "node-options=--import=flushguard/register\n" }],
    ["start:dev", scripts({ start: `node ${PRELOAD} app.js`, "start:dev": "nodemon app.js" })],
    ["a seed", scripts({ start: `node ${PRELOAD} app.js`, seed: "node seed.js" })],
    [
      "scripts that start runs",
      scripts({ start: `${OPTIONS} run-p web worker`, web: "node web.js", worker: "node worker.js" }),
    ],
    ["sudo before it", scripts({ start: `sudo ${OPTIONS} node app.js` })],
    ["sudo -E behind it", scripts({ start: `${OPTIONS} sudo -E node app.js` })],
    ["only another script, where there is no start", scripts({ serve: `node ${PRELOAD} app.js` })],
    [
      "Dockerfile, and start is for elsewhere",
      {
        ...scripts({ start: "node app.js" }),
        Dockerfile: `FROM node\nCMD ["node", "${PRELOAD.replace(" ", '", "')}", "app.js"]\n`,
      },
    ],
    [
      "Dockerfile sets it for npm start",
      { ...scripts({ start: "node app.js" }), Dockerfile: `FROM node\nENV ${OPTIONS}\nCMD ["npm", "start"]\n` },
    ],
    ["ENV with a space", { Dockerfile: "FROM node\nENV NODE_OPTIONS --import=flushguard/register\nCMD node app.js\n" }],
    [
      "a stage that the last one is made from",
      {
        Dockerfile: `FROM node AS base\nENV ${OPTIONS}\nFROM base AS build\nRUN x\nFROM base\nCMD ["node", "app.js"]\n`,
      },
    ],
    [
      "ENTRYPOINT and CMD",
      { Dockerfile: 'FROM node\nENTRYPOINT ["node"]\nCMD ["--import", "flushguard/register", "app.js"]\n' },
    ],
    ["on several lines", { Dockerfile: `FROM node\nCMD node \\\n  ${PRELOAD} \\\n  app.js\n` }],
    [
      "compose, for an image that is without",
      {
        Dockerfile: 'FROM node\nCMD ["node", "app.js"]\n',
        "compose.yaml": `services:\n  app:\n    build: .\n    environment:\n      - NODE_OPTIONS=${PRELOAD}\n  db:\n    image: postgres\n    command: postgres -c x=y\n`,
      },
    ],
    [
      "compose, a mapping",
      {
        "compose.yaml": `services:\n  app:\n    image: app\n    environment:\n      NODE_OPTIONS: "${PRELOAD}"\n    command: node app.js\n`,
      },
    ],
    [
      "compose, env_file",
      {
        "compose.yaml": "services:\n  app:\n    env_file: app.env\n    command: node app.js\n",
        "app.env": "NODE_OPTIONS=--import=flushguard/register\n",
      },
    ],
    [
      "Kubernetes, list",
      {
        "deploy.yaml": deployment(
          '      - name: app\n        command: ["node"]\n        args: ["--import", "flushguard/register", "app.js"]\n',
        ),
      },
    ],
    [
      "Kubernetes, lines",
      {
        "deploy.yaml": deployment(
          "      - name: app\n        command:\n        - node\n        - --import\n        - flushguard/register\n        - app.js\n",
        ),
      },
    ],
    [
      "Kubernetes, variable",
      {
        "deploy.yaml": deployment(
          `      - name: app\n        image: app\n        env:\n        - name: LOG\n          value: x\n        - name: NODE_OPTIONS\n          value: "${PRELOAD}"\n        command: ["node", "app.js"]\n`,
        ),
      },
    ],
    ["Procfile by npm", { ...scripts({ start: `node ${PRELOAD} app.js` }), Procfile: "web: npm start\n" }],
    [
      "systemd",
      { "app.service": `[Service]\nWorkingDirectory=/srv\nEnvironment=${OPTIONS}\nExecStart=/usr/bin/node app.js\n` },
    ],
    [
      "pm2",
      {
        "pm2.config.js": `module.exports = { apps: [{ script: "a.js", node_args: ["--import", "flushguard/register"] }] };`,
      },
    ],
    [
      "pm2, yaml",
      {
        "ecosystem.yml": `apps:\n  - script: a.js\n    node_args: ${PRELOAD}\n  - script: b.js\n    node_args: ${PRELOAD}\n`,
      },
    ],
    ["pm2, fork", { "pm2.json": `{ "apps": [{ "script": "a.js", "env": { "NODE_OPTIONS": "${PRELOAD}" } }] }` }],
    ["Serverless", { "serverless.yml": `provider:\n  environment:\n    NODE_OPTIONS: ${PRELOAD}\n` }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded as it is started", () => {
  it.each<[string, Files]>([
    ["only for development", scripts({ dev: `node ${PRELOAD} app.js`, start: "node app.js" })],
    ["a start of another name", scripts({ dev: `node ${PRELOAD} app.js`, start: "npm run prod", prod: "node app.js" })],
    ["a framework", scripts({ dev: `${OPTIONS} next dev`, start: "next start" })],
    ["one of two starts", scripts({ "start:web": `node ${PRELOAD} web.js`, "start:worker": "node worker.js" })],
    ["start, and not start:prod", scripts({ start: `node ${PRELOAD} app.js`, "start:prod": "node app.js" })],
    ["start, and not worker", scripts({ start: `node ${PRELOAD} app.js`, worker: "node worker.js" })],
    ["sudo behind it", scripts({ start: `${OPTIONS} sudo node app.js` })],
    ["env -i behind it", scripts({ start: `${OPTIONS} env -i node app.js` })],
    [
      "a package called node_modules",
      scripts({ start: "node --import node_modules/flushguard/dist/register.js app.js" }),
    ],
    [
      "a file that has it in a template",
      {
        ...scripts({ start: "node --import ./help.mjs app.js" }),
        "help.mjs": 'export const help = `\nimport "flushguard/register";\n`;',
      },
    ],
    ["only for tests", scripts({ test: `node ${PRELOAD} --test` })],
    ["an argument of the app's", scripts({ start: `node app.js ${PRELOAD}` })],
    ["an argument behind --", scripts({ start: `node -- app.js ${PRELOAD}` })],
    ["an argument of npm's", { ...scripts({ start: "node app.js" }), Procfile: `web: npm start -- ${PRELOAD}\n` }],
    ["a variable of another name", scripts({ start: `NODE_OPTION="${PRELOAD}" node app.js` })],
    ["another entry of the package", scripts({ start: "node --import flushguard app.js" })],
    ["misspelt", scripts({ start: "node --import flushguard/registr app.js" })],
    ["switched off", scripts({ start: `FLUSHGUARD=off node ${PRELOAD} app.js` })],
    [
      "a file that does not load it",
      { ...scripts({ start: "node --import ./tracing.mjs app.js" }), "tracing.mjs": 'import "x";' },
    ],
    [
      ".env, which dotenv sets too late",
      { ...scripts({ start: "node app.js" }), ".env": "NODE_OPTIONS=--import=flushguard/register\n" },
    ],
    [
      "copied, not loaded",
      {
        Dockerfile:
          "FROM node\nCOPY node_modules/flushguard/dist/register.js x\nRUN node --import flushguard/register -e 0\nCMD node app.js\n",
      },
    ],
    ["another stage", { Dockerfile: `FROM node AS build\nENV ${OPTIONS}\nFROM node\nCMD ["node", "app.js"]\n` }],
    ["a command that another follows", { Dockerfile: `FROM node\nCMD node ${PRELOAD} app.js\nCMD node app.js\n` }],
    [
      "CMD behind an ENTRYPOINT with a script",
      { Dockerfile: 'FROM node\nENTRYPOINT ["node", "app.js"]\nCMD ["--import", "flushguard/register"]\n' },
    ],
    ["one of two processes", { Procfile: `web: node ${PRELOAD} app.js\nworker: node worker.js\n` }],
    [
      "one of two services",
      {
        "compose.yaml": `services:\n  app:\n    command: node ${PRELOAD} app.js\n  worker:\n    command: node worker.js\n`,
      },
    ],
    [
      "a service without, beside a variable of another",
      {
        "compose.yaml": `services:\n  app:\n    environment:\n      NODE_OPTIONS: ${PRELOAD}\n    command: node app.js\n  worker:\n    environment:\n      A: b\n    command:\n      - node\n      - worker.js\n`,
      },
    ],
    [
      "switched off in compose",
      {
        "compose.yaml": `services:\n  app:\n    environment:\n      FLUSHGUARD: "off"\n    command: node ${PRELOAD} app.js\n`,
      },
    ],
    [
      "a sidecar",
      {
        "deploy.yaml": deployment(
          '      - name: app\n        command: ["node", "--import", "flushguard/register", "app.js"]\n      - name: side\n        command: ["node", "side.js"]\n',
        ),
      },
    ],
    [
      "one of two apps of pm2",
      { "pm2.json": `{ "apps": [\n{ "script": "a.js", "node_args": "${PRELOAD}" },\n{ "script": "b.js" }\n] }` },
    ],
    [
      "one of two apps of pm2, yaml",
      { "pm2.yml": `apps:\n  - script: a.js\n    node_args: ${PRELOAD}\n  - script: b.js\n` },
    ],
    [
      "pm2 cluster, by a variable",
      { "pm2.json": `{ "apps": [{ "script": "a.js", "instances": 2, "env": { "NODE_OPTIONS": "${PRELOAD}" } }] }` },
    ],
    ["what ts-node refuses", { Procfile: `web: node ${PRELOAD} -r ts-node/register app.ts\n` }],
    ["systemd, a comment", { "app.service": `[Service]\n#Environment=${OPTIONS}\nExecStart=/usr/bin/node app.js\n` }],
    ["nothing", {}],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it("a script in another language is not started by Node", () => {
  const files = {
    "pm2.json": '{ "apps": [{ "script": "a.py", "interpreter": "python3" }] }',
    Procfile: "web: gunicorn app\n",
  };
  expect(startsIn(directoryWith(files)).places).toEqual([]);
});
