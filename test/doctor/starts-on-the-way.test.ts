import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

const P = "--import flushguard/register";
const O = `NODE_OPTIONS="${P}"`;
const S = (scripts: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts }) });
const k8 = (containers: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${containers}`;

type Files = Record<string, string>;

describe("the preload gets through", () => {
  it.each<[string, Files]>([
    [
      "dumb-init",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["dumb-init","--"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
      },
    ],
    ["su -c with", { Dockerfile: `FROM node\nCMD su node -c "node ${P} a.js"\n` }],
    ["exec node", { Dockerfile: `FROM node\nCMD exec node ${P} a.js\n` }],
    [
      "export separately",
      { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\n${O}\nexport NODE_OPTIONS\nexec node a.js\n` },
    ],
    [
      "shell default expansion",
      {
        ...S({ start: "./start.sh" }),
        "start.sh": `#!/bin/sh\nexport NODE_OPTIONS="${P} \${NODE_OPTIONS:-}"\nexec node a.js\n`,
      },
    ],
    ["node --env-file + import", { ...S({ start: `node --env-file=.env ${P} a.js` }) }],
    ["nodemon.json nodeArgs", { ...S({ start: "nodemon a.js" }), "nodemon.json": `{"exec":"node ${P}"}` }],
    ["tsx watch with", { ...S({ start: `tsx watch ${P} a.ts` }) }],
    ["volta run with", { ...S({ start: `volta run node ${P} a.js` }) }],
    ["supervisord with", { "supervisord.conf": `[program:app]\ncommand=node ${P} a.js\n` }],
    ["supervisord env", { "supervisord.conf": `[program:app]\ncommand=node a.js\nenvironment=${O}\n` }],
    ["fly env", { "fly.toml": `[env]\nNODE_OPTIONS = "${P}"\n[processes]\nweb = "node a.js"\n` }],
    [
      "render with",
      {
        "render.yaml": `services:\n  - type: web\n    startCommand: node a.js\n    envVars:\n      - key: NODE_OPTIONS\n        value: ${P}\n`,
      },
    ],
    [
      "k8s flow env",
      {
        "d.yaml": k8(
          `      - name: app\n        env: [{name: NODE_OPTIONS, value: "${P}"}]\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    ["shebang -S with", { ...S({ start: "./bin/app" }), "bin/app": `#!/usr/bin/env -S node ${P}\nrequire('x')\n` }],
    [
      "compose sibling, image has it",
      {
        Dockerfile: `FROM node\nCMD node ${P} a.js\n`,
        "compose.yaml": `services:\n  web:\n    build: .\n    command: node ${P} w.js\n  worker:\n    build: .\n`,
      },
    ],
    [
      "k8s sidecar other image",
      {
        "d.yaml": k8(
          `      - name: app\n        image: app\n        command: ["node","--import","flushguard/register","a.js"]\n      - name: p\n        image: envoy\n`,
        ),
      },
    ],
    [
      "nginx front Dockerfile + start",
      {
        ...S({ start: `node ${P} a.js` }),
        "Dockerfile.front": 'FROM node AS b\nRUN npm run build\nFROM nginx\nCMD ["nginx","-g","daemon off;"]\n',
      },
    ],
    [
      "Dockerfile.test",
      { ...S({ start: `node ${P} a.js`, test: "vitest" }), "Dockerfile.test": 'FROM node\nCMD ["npm","test"]\n' },
    ],
    ["dev image bash", { ...S({ start: `node ${P} a.js` }), "Dockerfile.dev": 'FROM node\nCMD ["bash"]\n' }],
    [
      "hash in quotes",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      PW: "a #b"\n      NODE_OPTIONS: "${P}" # guard\n    command: node a.js # x\n`,
      },
    ],
    ["sudo -E", { Dockerfile: `FROM node\nENV ${O}\nCMD sudo -E -u node node a.js\n` }],
    ["gosu keeps", { Dockerfile: `FROM node\nENV ${O}\nCMD ["gosu","node","node","a.js"]\n` }],
    ["su-exec keeps", { Dockerfile: `FROM node\nENV ${O}\nENTRYPOINT ["su-exec","node"]\nCMD ["node","a.js"]\n` }],
    [
      "tini -g",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["/sbin/tini","-g","--"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
      },
    ],
    [
      'docker-entrypoint.sh exec "$@"',
      {
        Dockerfile: `FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node","--import","flushguard/register","a.js"]\n`,
        "e.sh": '#!/bin/sh\nset -e\nif [ x ]; then echo hi; fi\nexec "$@"\n',
      },
    ],
    [
      "if exec both P",
      {
        ...S({ start: "./s.sh" }),
        "s.sh": `#!/bin/sh\nif [ x ]; then\n  exec node ${P} a.js\nelse\n  exec node ${P} b.js\nfi\n`,
      },
    ],
    [
      "wait-for && node",
      { Dockerfile: `FROM node\nCMD ./wait-for.sh db:5432 && node ${P} a.js\n`, "wait-for.sh": "#!/bin/sh\nsleep 1\n" },
    ],
    [
      "node migrate || exit 1; node P",
      { ...S({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nnpx prisma migrate || exit 1\nexec node ${P} a.js\n` },
    ],
    ["pgrep || node", { ...S({ start: `pgrep node || node ${P} a.js` }) }],
    [
      "yarn workspaces as name of a script",
      { ...S({ start: `yarn workspace-start`, "workspace-start": `node ${P} a.js` }) },
    ],
    ["npm start -- -w 3 (args)", { ...S({ start: `node ${P} a.js` }), Procfile: "web: npm start -- -w 3\n" }],
    ["node -r x a.js args", { ...S({ start: `node -r dotenv/config ${P} a.js -r x --workspaces` }) }],
    [
      "supervisord env for all",
      { "supervisord.conf": `[supervisord]\nenvironment=${O}\n[program:b]\ncommand=node b.js\n` },
    ],
    [
      "helm unconditional",
      {
        "deployment.yaml": k8(
          `      - name: app\n        image: {{ .Values.image }}\n        env:\n        - name: NODE_OPTIONS\n          value: "${P}"\n        {{- if .x }}\n        - name: Y\n          value: z\n        {{- end }}\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    ["Procfile comment in quotes", { Procfile: `web: node ${P} a.js --title "#1"\n` }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("the preload is taken away, or does not get there", () => {
  it.each<[string, Files]>([
    [
      "dockerfile unknown binary, start has it",
      { ...S({ start: `node ${P} a.js` }), Dockerfile: 'FROM node\nCMD ["/app/bin/start"]\n' },
    ],
    [
      "dockerfile CMD shell, npm start --ignore",
      { ...S({ start: `node ${P} a.js` }), Dockerfile: "FROM node\nCMD node a.js\n" },
    ],
    [
      "dockerfile ENV then ENV overrides",
      { Dockerfile: `FROM node\nENV ${O}\nENV NODE_OPTIONS=--max-old-space-size=4096\nCMD ["node","a.js"]\n` },
    ],
    [
      "ENV NODE_OPTIONS with ARG empty",
      { Dockerfile: 'FROM node\nARG OPTS\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n' },
    ],
    ["ARG NODE_OPTIONS only (build time only)", { Dockerfile: `FROM node\nARG ${O}\nCMD ["node","a.js"]\n` }],
    ["RUN export", { Dockerfile: `FROM node\nRUN export ${O}\nCMD ["node","a.js"]\n` }],
    ["RUN ENV echo to bashrc", { Dockerfile: `FROM node\nRUN echo 'export ${O}' >> ~/.bashrc\nCMD ["node","a.js"]\n` }],
    ["dumb-init without", { Dockerfile: `FROM node\nENTRYPOINT ["dumb-init","--"]\nCMD ["node","a.js"]\n` }],
    [
      "ENTRYPOINT shell form ignores CMD",
      { Dockerfile: `FROM node\nENTRYPOINT node a.js\nCMD ["--import","flushguard/register"]\n` },
    ],
    [
      "ENTRYPOINT after CMD of base stage resets",
      {
        Dockerfile: `FROM node AS b\nCMD ["node","--import","flushguard/register","a.js"]\nFROM b\nENTRYPOINT ["node","a.js"]\n`,
      },
    ],
    ["healthcheck has it", { Dockerfile: `FROM node\nHEALTHCHECK CMD node ${P} h.js\nCMD ["node","a.js"]\n` }],
    ["ONBUILD ENV", { Dockerfile: `FROM node\nONBUILD ENV ${O}\nCMD ["node","a.js"]\n` }],
    ["su -c", { Dockerfile: `FROM node\nCMD su node -c "node a.js"\n` }],
    ["su - login clears env", { Dockerfile: `FROM node\nENV ${O}\nCMD su - node -c "node a.js"\n` }],
    ["sudo clears env", { Dockerfile: `FROM node\nENV ${O}\nCMD sudo -u node node a.js\n` }],
    ["env -i clears", { Dockerfile: `FROM node\nENV ${O}\nCMD env -i node a.js\n` }],
    ["env -u NODE_OPTIONS", { Dockerfile: `FROM node\nENV ${O}\nCMD env -u NODE_OPTIONS node a.js\n` }],
    ["unset NODE_OPTIONS", { Dockerfile: `FROM node\nENV ${O}\nCMD unset NODE_OPTIONS; node a.js\n` }],
    ["NODE_OPTIONS= node", { Dockerfile: `FROM node\nENV ${O}\nCMD NODE_OPTIONS= node a.js\n` }],
    [
      "comment in script of shell",
      { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\n# exec node ${P} a.js\nexec node a.js\n` },
    ],
    ["shell trailing comment", { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\nexec node a.js # ${P}\n` }],
    [
      "shell trailing comment 2",
      { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\nexec node $X a.js # NODE_OPTIONS=${P}\n` },
    ],
    ["not exported NODE_OPTIONS", { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\n${O}\nexec node a.js\n` }],
    [
      "shell if in dev only",
      {
        ...S({ start: "./start.sh" }),
        "start.sh": `#!/bin/sh\nif [ "$ENV" = dev ]; then\n  export ${O}\nfi\nexec node a.js\n`,
      },
    ],
    [
      "shell overrides only if unset",
      {
        ...S({ start: "./start.sh" }),
        "start.sh": `#!/bin/sh\nexport NODE_OPTIONS="\${NODE_OPTIONS:---max-old-space-size=100}"\nexec node a.js\n`,
      },
    ],
    [
      "heredoc in sh writing config",
      { ...S({ start: "./start.sh" }), "start.sh": `#!/bin/sh\ncat > x <<EOF\nexport ${O}\nEOF\nexec node a.js\n` },
    ],
    ["echo mention", { ...S({ start: `echo node ${P} && node a.js` }) }],
    ["echo only; start elsewhere", { ...S({ start: `echo "run node ${P} a.js"` }) }],
    ["cross-env wrong var then", { ...S({ start: `cross-env NODE_OPTS=${P} node a.js` }) }],
    ["or chain", { ...S({ start: `node a.js || node ${P} a.js` }) }],
    ["set only if, on one line", S({ start: `test -f x && export ${O}; node a.js` })],
    ["test -f && node P || node", { ...S({ start: `test -f x && node ${P} a.js || node a.js` }) }],
    ["--env-file missing file", { ...S({ start: `node --env-file=.env.prod a.js` }), ".env": `${O}\n` }],
    [
      "two env files, second overrides",
      {
        ...S({ start: `node --env-file=.env --env-file=.env.local a.js` }),
        ".env": `${O}\n`,
        ".env.local": "NODE_OPTIONS=--max-old-space-size=1\n",
      },
    ],
    [".env alone is read by nobody", { ...S({ start: "node a.js" }), ".env": `${O}\n` }],
    ["npmrc commented", { ...S({ start: "node a.js" }), ".npmrc": `# node-options=${P}\n` }],
    ["npmrc semicolon", { ...S({ start: "node a.js" }), ".npmrc": `; node-options=${P}\n` }],
    [
      "npmrc and yarn",
      {
        ...S({ start: "yarn serve", serve: "node a.js" }),
        ".npmrc": `node-options=${P}\n`,
        Procfile: "web: yarn start\n",
      },
    ],
    [
      "npmrc twice, last wins",
      { ...S({ start: "node a.js" }), ".npmrc": `node-options=${P}\nnode-options=--max-old-space-size=1\n` },
    ],
    [
      "npmrc with Dockerfile CMD node",
      { ...S({ start: "node a.js" }), ".npmrc": `node-options=${P}\n`, Dockerfile: "FROM node\nCMD node a.js\n" },
    ],
    ["turbo", { ...S({ start: "turbo start" }) }],
    ["turbo run with own script P", { ...S({ start: "turbo run serve", serve: `node ${P} a.js` }) }],
    ["nx serve", { ...S({ start: "nx serve api", dev: `node ${P} a.js` }) }],
    ["lerna run start", { ...S({ start: "lerna run start" }) }],
    ["pnpm -r start", { ...S({ start: "pnpm -r start", dev: `node ${P} a.js` }) }],
    ["pnpm -r run, Procfile", { ...S({ start: `node ${P} a.js` }), Procfile: "web: pnpm -r start\n" }],
    [
      "yarn workspaces foreach",
      { ...S({ start: `node ${P} a.js` }), Procfile: "web: yarn workspaces foreach -A run start\n" },
    ],
    ["npm --workspaces", { ...S({ start: `node ${P} a.js` }), Procfile: "web: npm start --workspaces\n" }],
    ["husky has it", { ...S({ start: "node a.js" }), ".husky/pre-commit": `node ${P} a.js\n` }],
    ["nodemon.json execMap", { ...S({ start: "nodemon a.ts" }), "nodemon.json": `{"execMap":{"ts":"ts-node"}}` }],
    [
      "package.json nodemonConfig without",
      { "package.json": JSON.stringify({ scripts: { start: "nodemon a.js" }, nodemonConfig: { exec: "node" } }) },
    ],
    ["ts-node without", { ...S({ start: "ts-node a.ts" }) }],
    ["tsx watch w/o", { ...S({ start: "tsx watch a.ts" }) }],
    ["swc-node", { ...S({ start: "node -r @swc-node/register a.ts" }) }],
    ["volta run", { ...S({ start: "volta run node a.js" }) }],
    ["asdf exec", { ...S({ start: "asdf exec node a.js" }) }],
    ["mise/nvm exec", { ...S({ start: "nvm exec 22 node a.js" }) }],
    ["foreman Procfile two", { Procfile: `web: node ${P} a.js\nworker: node w.js\n` }],
    [
      "supervisord w/o",
      { ...S({ start: `node ${P} a.js` }), "supervisord.conf": "[program:app]\ncommand=node a.js\n" },
    ],
    [
      "s6 run",
      {
        ...S({ start: `node ${P} a.js` }),
        Dockerfile: 'FROM node\nCOPY run /etc/services.d/app/run\nENTRYPOINT ["/init"]\n',
        run: "#!/bin/sh\nexec node a.js\n",
      },
    ],
    [
      "systemd EnvironmentFile overridden",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment=${O}\nEnvironmentFile=/srv/app.env\nExecStart=/usr/bin/node a.js\n`,
        "app.env": "NODE_OPTIONS=--max-old-space-size=1\n",
      },
    ],
    [
      "systemd Environment reset",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment=${O}\nEnvironment=\nExecStart=/usr/bin/node a.js\n`,
      },
    ],
    [
      "systemd UnsetEnvironment",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment=${O}\nUnsetEnvironment=NODE_OPTIONS\nExecStart=/usr/bin/node a.js\n`,
      },
    ],
    [
      "systemd ExecStart npm",
      { ...S({ start: "node a.js" }), "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/npm start\n` },
    ],
    [
      "serverless function env overrides",
      {
        "serverless.yml": `provider:\n  runtime: nodejs20.x\n  environment:\n    NODE_OPTIONS: ${P}\nfunctions:\n  a:\n    handler: a.h\n    environment:\n      NODE_OPTIONS: --enable-source-maps\n`,
      },
    ],
    [
      "SAM function without",
      {
        "template.yaml": `Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.h\n      Runtime: nodejs20.x\n      Environment:\n        Variables:\n          NODE_OPTIONS: ${P}\n  G:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: b.h\n      Runtime: nodejs20.x\n`,
      },
    ],
    ["fly processes", { "fly.toml": `[processes]\nweb = "node ${P} a.js"\nworker = "node w.js"\n` }],
    ["fly unknown CMD but Dockerfile without", { "fly.toml": `app = "x"\n`, Dockerfile: "FROM node\nCMD node a.js\n" }],
    [
      "render one w/o",
      {
        "render.yaml": `services:\n  - type: web\n    startCommand: node a.js\n    envVars:\n      - key: NODE_OPTIONS\n        value: --max-old-space-size=1\n`,
      },
    ],
    ["vercel.json env not", { ...S({ start: "next start" }), "vercel.json": `{"version":2}` }],
    [
      "github actions has it",
      {
        ...S({ start: "node a.js" }),
        ".github/workflows/x.yml": `jobs:\n  a:\n    steps:\n      - run: node ${P} a.js\n`,
      },
    ],
    [
      "k8s env after for sidecar",
      {
        "d.yaml": k8(
          `      - name: app\n        command: ["node","a.js"]\n      - name: side\n        env:\n        - name: NODE_OPTIONS\n          value: "${P}"\n        command: ["node","s.js"]\n`,
        ),
      },
    ],
    [
      "k8s initContainer with, app without",
      {
        "d.yaml": `kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n      - name: i\n        command: ["node","--import","flushguard/register","m.js"]\n      containers:\n      - name: app\n        command: ["node","a.js"]\n`,
      },
    ],
    [
      "k8s valueFrom",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: NODE_OPTIONS\n          valueFrom:\n            configMapKeyRef: {name: c, key: o}\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s lifecycle exec has it",
      {
        "d.yaml": k8(
          `      - name: app\n        command: ["node","a.js"]\n        lifecycle:\n          preStop:\n            exec:\n              command: ["node","--import","flushguard/register","x.js"]\n`,
        ),
      },
    ],
    [
      "k8s livenessProbe has it only",
      {
        "d.yaml": k8(
          `      - name: app\n        image: app\n        livenessProbe:\n          exec:\n            command: ["node","--import","flushguard/register","x.js"]\n`,
        ),
        Dockerfile: "FROM node\nCMD node a.js\n",
      },
    ],
    [
      "helm template cond",
      {
        "deployment.yaml": k8(
          `      - name: app\n        {{- if .Values.guard }}\n        env:\n        - name: NODE_OPTIONS\n          value: "${P}"\n        {{- end }}\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "compose healthcheck",
      {
        "compose.yaml": `services:\n  app:\n    image: app\n    healthcheck:\n      test: ["CMD","node","--import","flushguard/register","h.js"]\n    command: node a.js\n`,
      },
    ],
    [
      "compose profiles dev has, prod none",
      { "compose.yaml": `services:\n  dev:\n    command: node ${P} a.js\n  prod:\n    command: node a.js\n` },
    ],
    [
      "compose environment null passes host",
      { "compose.yaml": `services:\n  app:\n    environment:\n      NODE_OPTIONS:\n    command: node a.js\n` },
    ],
    [
      "compose env over env_file",
      {
        "compose.yaml": `services:\n  app:\n    env_file: app.env\n    environment:\n      NODE_OPTIONS: --max-old-space-size=1\n    command: node a.js\n`,
        "app.env": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "compose env before env_file (env wins anyway)",
      {
        "compose.yaml": `services:\n  app:\n    environment:\n      NODE_OPTIONS: --max-old-space-size=1\n    env_file: app.env\n    command: node a.js\n`,
        "app.env": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "compose entrypoint cleared",
      {
        Dockerfile: `FROM node\nENTRYPOINT ["node","--import","flushguard/register"]\nCMD ["a.js"]\n`,
        "compose.yaml": `services:\n  app:\n    build: .\n    entrypoint: ["node"]\n    command: ["a.js"]\n`,
      },
    ],
    [
      "compose override file",
      {
        "compose.yaml": `services:\n  app:\n    command: node ${P} a.js\n`,
        "compose.override.yaml": `services:\n  app:\n    command: node a.js\n`,
      },
    ],
    [
      "compose label mention",
      { "compose.yaml": `services:\n  app:\n    labels:\n      x: "${P}"\n    command: node a.js\n` },
    ],
    ["shebang with", { ...S({ start: "./bin/app" }), "bin/app": "#!/usr/bin/env node\nrequire('x')\n" }],
    ["prestart has it", { ...S({ prestart: `node ${P} x.js`, start: "node a.js" }) }],
    ["start runs prod, NODE_OPTIONS on other", { ...S({ start: `${O} npm run build && node a.js`, build: "tsc" }) }],
    ["subshell options", { ...S({ start: `(export ${O}); node a.js` }) }],
    [
      "pm2 one app w/o",
      { "ecosystem.config.js": `module.exports={apps:[{script:"a.js",node_args:"${P}"},{script:"b.js"}]}` },
    ],
    [
      "pm2 env_production only",
      { "ecosystem.config.js": `module.exports={apps:[{script:"a.js",env_production:{NODE_OPTIONS:"${P}"}}]}` },
    ],
    [
      "pm2 node_args commented",
      { "ecosystem.config.js": `module.exports={apps:[{script:"a.js", // node_args:"${P}"\n}]}` },
    ],
    [
      "pm2 block comment",
      { "ecosystem.config.js": `module.exports={apps:[{script:"a.js", /* node_args:"${P}", */\n}]}` },
    ],
    ["--import in wrong place for npm", { ...S({ start: `npm ${P} run x`, x: "node a.js" }) }],
    ["node -e", { ...S({ start: `node -e "require('./a')"` }) }],
    [
      "node --import=flushguard/register as value of another",
      { ...S({ start: `node --title --import flushguard/register a.js` }) },
    ],
    ["--require of esm only name", { ...S({ start: `node --require flushguard a.js` }) }],
    [
      "off with FLUSHGUARD=false env in Dockerfile",
      { Dockerfile: `FROM node\nENV FLUSHGUARD=off\nCMD ["node","--import","flushguard/register","a.js"]\n` },
    ],
    ["bun", { ...S({ start: `bun --preload flushguard/register a.ts` }) }],
    ["deno", { ...S({ start: `deno run -A ${P} a.ts` }) }],
    ["electron", { ...S({ start: `electron ${P} .` }) }],
    ["Makefile only", { ...S({ start: `make run` }), Makefile: `run:\n\tnode a.js\ndev:\n\tnode ${P} a.js\n` }],
    ["just/task", { ...S({ start: `task run`, dev: `node ${P} a.js` }) }],
    [
      "compose sibling runs image as it is",
      {
        Dockerfile: "FROM node\nCMD node a.js\n",
        "compose.yaml": `services:\n  web:\n    build: .\n    environment:\n      NODE_OPTIONS: ${P}\n  worker:\n    build: .\n`,
      },
    ],
    [
      "compose sibling same image no Dockerfile",
      {
        "compose.yaml": `services:\n  web:\n    image: app\n    environment:\n      NODE_OPTIONS: ${P}\n    command: node a.js\n  worker:\n    image: app\n`,
      },
    ],
    [
      "k8s initContainer with P, image w/o",
      {
        Dockerfile: "FROM node\nCMD node a.js\n",
        "d.yaml": `kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n      - name: i\n        image: app\n        command: ["node","--import","flushguard/register","m.js"]\n      containers:\n      - name: app\n        image: app\n`,
      },
    ],
    ["circle: tsc && node w/o", { ...S({ start: `tsc && node dist/a.js`, dev: `node ${P} dist/a.js` }) }],
    [
      "supervisord two programs",
      { "supervisord.conf": `[program:a]\ncommand=node ${P} a.js\n[program:b]\ncommand=node b.js\n` },
    ],
    [
      "supervisord with env elsewhere",
      { "supervisord.conf": `[program:a]\ncommand=node a.js\n[program:b]\nenvironment=${O}\ncommand=node b.js\n` },
    ],
    ["start with windows set in posix", { ...S({ start: `set NODE_OPTIONS=--max && node a.js` }) }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});
