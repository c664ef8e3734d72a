import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts the app by way of variables and files that are laid over others.

const P = "--import flushguard/register";
const O = `NODE_OPTIONS="${P}"`;
const s = (scripts: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts }) });
const sys = (extra: Files): Files => ({
  "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node ${P} a.js\n`,
  ...extra,
});
const k8 = (containers: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${containers}`;
const imageOfPm2 = (
  lines: string,
  app = 'script: "a.js"',
  command = 'CMD ["pm2-runtime", "ecosystem.config.js"]',
): Files => ({
  Dockerfile: `FROM node ${lines}\n${command}\n`,
  "ecosystem.config.js": `module.exports = { apps: [{ ${app} }] };\n`,
});
const good = s({ start: `node ${P} a.js` });

type Files = Record<string, string>;

describe("guarded", () => {
  it.each<[string, Files]>([
    ["options of an image that runs pm2", imageOfPm2(`\nENV ${O}`)],
    ["the same of an earlier stage", imageOfPm2(`AS a\nENV ${O}\nFROM a`)],
    ["the same with several processes", imageOfPm2(`\nENV ${O}`, 'script: "a.js", instances: 2')],
    [
      "dropin adds Environment ok",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/o.conf": `[Service]\nEnvironment=${O}\n`,
      },
    ],
    [
      "dropin adds Environment quoted ok",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/override.conf": `[Service]\nEnvironment="NODE_OPTIONS=${P}"\n`,
      },
    ],
    ["dropin of another unit", sys({ "b.service.d/o.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/node a.js\n" })],
    [
      "dropin order: 10 resets, 20 sets",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/20.conf": `[Service]\nEnvironment=${O}\n`,
        "a.service.d/10.conf": `[Service]\nEnvironment=\n`,
      },
    ],
    [
      "dropin name not .conf",
      sys({ "a.service.d/o.conf.bak": "[Service]\nExecStart=\nExecStart=/usr/bin/node a.js\n" }),
    ],
    [
      "k8s env twice, last with",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: NODE_OPTIONS\n          value: "--max-old-space-size=4096"\n        - name: NODE_OPTIONS\n          value: "${P}"\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s env value first",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - value: "${P}"\n          name: NODE_OPTIONS\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s refers to other var",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: GUARD\n          value: "${P}"\n        - name: NODE_OPTIONS\n          value: "$(GUARD)"\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "compose env twice list ok",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      - NODE_OPTIONS=--max-old-space-size=1\n      - NODE_OPTIONS=${P}\n    command: node a.js\n`,
      },
    ],
    ["ARG default", { Dockerfile: `FROM node\nARG OPTS="${P}"\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` }],
    [
      "ARG default braces",
      { Dockerfile: `FROM node\nARG OPTS="${P}"\nENV NODE_OPTIONS="\${OPTS}"\nCMD ["node","a.js"]\n` },
    ],
    [
      "ARG default in ENV :-",
      { Dockerfile: `FROM node\nARG OPTS\nENV NODE_OPTIONS="\${OPTS:-${P}}"\nCMD ["node","a.js"]\n` },
    ],
    [
      "ARG before FROM redeclared",
      { Dockerfile: `ARG OPTS="${P}"\nFROM node\nARG OPTS\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` },
    ],
    ["ENV refers to ENV", { Dockerfile: `FROM node\nENV OPTS="${P}"\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` }],
    [
      "compose default",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: "\${NODE_OPTIONS:-${P}}"\n    command: node a.js\n`,
      },
    ],
    [
      "compose default other var",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: \${GUARD:-${P}}\n    command: node a.js\n`,
      },
    ],
    [
      "compose default -",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      - NODE_OPTIONS=\${GUARD-${P}}\n    command: node a.js\n`,
      },
    ],
    [
      "compose .env gives",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: \${GUARD}\n    command: node a.js\n`,
        ".env": `GUARD=${P}\n`,
      },
    ],
    ["compose default in command", { "compose.yaml": `services:\n  a:\n    command: node \${GUARD:-${P}} a.js\n` }],
    [
      "shell variable in script",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}"\nexec node $OPTS a.js\n` },
    ],
    [
      "shell variable braces",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}"\nexec node \${OPTS} a.js\n` },
    ],
    [
      "shell variable quoted one option",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="--import=flushguard/register"\nexec node "$OPTS" a.js\n` },
    ],
    [
      "shell variable in NODE_OPTIONS",
      {
        ...s({ start: "./s.sh" }),
        "s.sh": `#!/bin/sh\nOPTS="${P}"\nexport NODE_OPTIONS="$OPTS --max-old-space-size=1"\nexec node a.js\n`,
      },
    ],
    ["shell variable default", { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nexec node \${OPTS:-${P}} a.js\n` }],
    [
      "shell variable default assigned",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\n: "\${OPTS:=${P}}"\nexec node $OPTS a.js\n` },
    ],
    ["shell variable in one line", s({ start: `OPTS="${P}"; node $OPTS a.js` })],
    [
      "heroku.yml release",
      {
        "heroku.yml": `build:\n  docker:\n    web: Dockerfile\nrelease:\n  command:\n    - node migrate.js\n  image: web\nrun:\n  web: node ${P} a.js\n`,
      },
    ],
    ["dotenv -e file", { ...s({ start: "dotenv -e .env.prod -- node a.js" }), ".env.prod": `NODE_OPTIONS=${P}\n` }],
    [
      "dotenv -e file, no --",
      { ...s({ start: "dotenv -e .env.prod node a.js" }), ".env.prod": `NODE_OPTIONS="${P}"\n` },
    ],
    ["dotenv default .env", { ...s({ start: "dotenv -- node a.js" }), ".env": `NODE_OPTIONS=${P}\n` }],
    [
      "dotenv does not override",
      {
        ...s({ start: `${O} dotenv -e .env.prod -- node a.js` }),
        ".env.prod": "NODE_OPTIONS=--max-old-space-size=1\n",
      },
    ],
    ["env-cmd", { ...s({ start: "env-cmd -f .env.prod node a.js" }), ".env.prod": `NODE_OPTIONS=${P}\n` }],
    ["env-cmd default", { ...s({ start: "env-cmd node a.js" }), ".env": `NODE_OPTIONS=${P}\n` }],
    ["dotenvx -f", { ...s({ start: "dotenvx run -f .env.prod -- node a.js" }), ".env.prod": `NODE_OPTIONS=${P}\n` }],
    [
      "compose override adds NODE_OPTIONS",
      {
        "compose.yaml": `services:\n  a:\n    command: node a.js\n`,
        "compose.override.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    [
      "compose override env for two",
      {
        "docker-compose.yml": `services:\n  a:\n    command: node a.js\n  b:\n    command: node b.js\n`,
        "docker-compose.override.yml": `services:\n  a:\n    environment:\n      - NODE_OPTIONS=${P}\n  b:\n    environment:\n      - NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "k8s in k8s/ ok",
      {
        ...s({ start: "node a.js" }),
        "k8s/d.yaml": k8(`      - name: app\n        command: ["node","--import","flushguard/register","a.js"]\n`),
      },
    ],
    [
      "deploy/compose + Dockerfile at root",
      {
        Dockerfile: "FROM node\nCMD node a.js\n",
        "deploy/compose.yaml": `services:\n  a:\n    build: ..\n    environment:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    ["docs folder ignored", { ...good, "docs/Dockerfile": `FROM node\nCMD node a.js\n` }],
    [
      "ENV two names, ARG in middle",
      { Dockerfile: `FROM node\nARG G="${P}"\nENV A=b NODE_OPTIONS="$G" C=d\nCMD ["node","a.js"]\n` },
    ],
    [
      "env mapping folded",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: >-\n        --enable-source-maps\n        ${P}\n      X: y\n    command: node a.js\n`,
      },
    ],
    [
      "env mapping flow",
      { "compose.yaml": `services:\n  a:\n    environment: {NODE_OPTIONS: "${P}", A: b}\n    command: node a.js\n` },
    ],
    [
      "env list flow",
      { "compose.yaml": `services:\n  a:\n    environment: ["A=b", "NODE_OPTIONS=${P}"]\n    command: node a.js\n` },
    ],
    [
      "env k8s quoted json",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - {"name": "NODE_OPTIONS", "value": "${P}"}\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "dotenv twice -e",
      {
        ...s({ start: "dotenv -e .env -e .env.l -- npm run x", x: "node a.js" }),
        ".env": "A=b\n",
        ".env.l": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "systemd drop-in env quoted twice",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/o.conf": `[Service]\nEnvironment="A=b c" 'NODE_OPTIONS=${P}'\n`,
      },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    ["dropin resets ExecStart", sys({ "a.service.d/o.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/node a.js\n" })],
    [
      "dropin takes Environment",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment="NODE_OPTIONS=${P}"\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/override.conf": `[Service]\nEnvironment=\n`,
      },
    ],
    [
      "dropin replaces Environment",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment="NODE_OPTIONS=${P}"\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/override.conf": `[Service]\nEnvironment=NODE_OPTIONS=--max-old-space-size=1\n`,
      },
    ],
    [
      "dropin UnsetEnvironment",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment="NODE_OPTIONS=${P}"\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/override.conf": `[Service]\nUnsetEnvironment=NODE_OPTIONS\n`,
      },
    ],
    [
      "dropin EnvironmentFile",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment="NODE_OPTIONS=${P}"\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/override.conf": `[Service]\nEnvironmentFile=/srv/x.env\n`,
        "x.env": "NODE_OPTIONS=--max-old-space-size=1\n",
      },
    ],
    ["dropin off", sys({ "a.service.d/o.conf": "[Service]\nEnvironment=FLUSHGUARD=off\n" })],
    [
      "dropin order: 10 sets, 20 resets",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n`,
        "a.service.d/10.conf": `[Service]\nEnvironment=${O}\n`,
        "a.service.d/20.conf": `[Service]\nEnvironment=\n`,
      },
    ],
    ["dropin service.d for all", sys({ "service.d/o.conf": "[Service]\nEnvironment=FLUSHGUARD=off\n" })],
    [
      "dropin template unit",
      {
        "a@.service": `[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node ${P} a.js\n`,
        "a@.service.d/o.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/node a.js\n",
      },
    ],
    [
      "systemd two ExecStart oneshot",
      {
        "a.service": `[Service]\nType=oneshot\nWorkingDirectory=/srv\nExecStart=/usr/bin/node ${P} a.js\nExecStart=/usr/bin/node b.js\n`,
      },
    ],
    [
      "systemd Environment unquoted (split)",
      {
        "a.service": `[Service]\nWorkingDirectory=/srv\nEnvironment=NODE_OPTIONS=${P}\nExecStart=/usr/bin/node a.js\n`,
      },
    ],
    [
      "systemd user unit dir",
      { ...good, "systemd/a.service": "[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node a.js\n" },
    ],
    [
      "k8s env twice, last without",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: NODE_OPTIONS\n          value: "${P}"\n        - name: NODE_OPTIONS\n          value: "--max-old-space-size=4096"\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s env twice flow",
      {
        "d.yaml": k8(
          `      - name: app\n        env: [{name: NODE_OPTIONS, value: "${P}"}, {name: NODE_OPTIONS, value: "--max-old-space-size=1"}]\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s env other name with it before",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: OTHER\n          value: "${P}"\n        - name: NODE_OPTIONS\n          value: "--max-old-space-size=1"\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "k8s env valueFrom then other value",
      {
        "d.yaml": k8(
          `      - name: app\n        env:\n        - name: NODE_OPTIONS\n          valueFrom: {secretKeyRef: {name: a, key: b}}\n        - name: OTHER\n          value: "${P}"\n        command: ["node","a.js"]\n`,
        ),
      },
    ],
    [
      "compose env twice list",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      - NODE_OPTIONS=${P}\n      - NODE_OPTIONS=--max-old-space-size=1\n    command: node a.js\n`,
      },
    ],
    [
      "render twice",
      {
        "render.yaml": `services:\n  - type: web\n    startCommand: node a.js\n    envVars:\n      - key: NODE_OPTIONS\n        value: ${P}\n      - key: NODE_OPTIONS\n        value: --max-old-space-size=1\n`,
      },
    ],
    [
      "ARG before FROM not in scope",
      { Dockerfile: `ARG OPTS="${P}"\nFROM node\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` },
    ],
    [
      "ARG of another stage",
      { Dockerfile: `FROM node AS b\nARG OPTS="${P}"\nFROM node\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` },
    ],
    [
      "ARG default other",
      { Dockerfile: `FROM node\nARG OPTS="--max-old-space-size=1"\nENV NODE_OPTIONS=$OPTS\nCMD ["node","a.js"]\n` },
    ],
    [
      "compose default not ours",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: \${GUARD:---max-old-space-size=1}\n    command: node a.js\n`,
      },
    ],
    [
      "compose :+ alt",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: \${GUARD:+${P}}\n    command: node a.js\n`,
      },
    ],
    [
      "compose .env overrides default",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: \${GUARD:-${P}}\n    command: node a.js\n`,
        ".env": "GUARD=--max-old-space-size=1\n",
      },
    ],
    [
      "shell variable quoted is one word",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}"\nexec node "$OPTS" a.js\n` },
    ],
    [
      "shell variable if",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nif [ x ]; then\n  OPTS="${P}"\nfi\nexec node $OPTS a.js\n` },
    ],
    [
      "shell variable replaced",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}"\nOPTS=""\nexec node $OPTS a.js\n` },
    ],
    [
      "shell variable behind script",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}"\nexec node a.js $OPTS\n` },
    ],
    [
      "variable for the command only",
      { ...s({ start: "./s.sh" }), "s.sh": `#!/bin/sh\nOPTS="${P}" node $OPTS a.js\n` },
    ],
    [
      "heroku.yml worker",
      { "heroku.yml": `run:\n  web: node ${P} a.js\n  worker:\n    command:\n      - node w.js\n    image: web\n` },
    ],
    [
      "dotenv -e other without",
      { ...s({ start: "dotenv -e .env.prod -- node a.js" }), ".env.prod": "A=b\n", ".env": `NODE_OPTIONS=${P}\n` },
    ],
    ["dotenv off", { ...s({ start: `dotenv -e .env.prod -- node ${P} a.js` }), ".env.prod": "FLUSHGUARD=off\n" }],
    [
      "env-cmd overrides",
      { ...s({ start: `${O} env-cmd -f .env.prod node a.js` }), ".env.prod": "NODE_OPTIONS=--max-old-space-size=1\n" },
    ],
    ["env-cmd off", { ...s({ start: `env-cmd -f .env.prod node ${P} a.js` }), ".env.prod": "FLUSHGUARD=off\n" }],
    ["dotenvx off", { ...s({ start: `dotenvx run -- node ${P} a.js` }), ".env": `FLUSHGUARD=off\n` }],
    [
      "compose override env null",
      {
        "compose.yaml": `services:\n  a:\n    command: node ${P} a.js\n`,
        "compose.override.yaml": `services:\n  a:\n    environment:\n      FLUSHGUARD: "off"\n`,
      },
    ],
    [
      "compose override takes NODE_OPTIONS",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: ${P}\n    command: node a.js\n`,
        "compose.override.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS: --max-old-space-size=1\n`,
      },
    ],
    [
      "compose override other service",
      {
        "compose.yaml": `services:\n  a:\n    command: node ${P} a.js\n`,
        "compose.override.yaml": `services:\n  b:\n    command: node b.js\n`,
      },
    ],
    [
      "compose override env for one of two",
      {
        "docker-compose.yml": `services:\n  a:\n    command: node a.js\n  b:\n    command: node b.js\n`,
        "docker-compose.override.yml": `services:\n  a:\n    environment:\n      - NODE_OPTIONS=${P}\n`,
      },
    ],
    ["k8s in k8s/", { ...good, "k8s/d.yaml": k8(`      - name: app\n        command: ["node","a.js"]\n`) }],
    ["docker/Dockerfile", { ...good, "docker/Dockerfile": `FROM node\nCMD node a.js\n` }],
    [
      "ENV default of NODE_OPTIONS set before",
      {
        Dockerfile: `FROM node\nENV NODE_OPTIONS=--max-old-space-size=1\nENV NODE_OPTIONS="\${NODE_OPTIONS:-${P}}"\nCMD ["node","a.js"]\n`,
      },
    ],
    [
      "env mapping next key has it",
      {
        "compose.yaml": `services:\n  a:\n    environment:\n      NODE_OPTIONS:\n      X: "${P}"\n    command: node a.js\n`,
      },
    ],
    [
      "env-cmd npm",
      { ...s({ start: "env-cmd -f .env.l npm run x", x: `node ${P} a.js` }), ".env.l": "FLUSHGUARD=off\n" },
    ],
    ["an image without options that runs pm2", imageOfPm2("")],
    [
      "options of an image for an app of pm2 that has its own",
      imageOfPm2(`\nENV ${O}`, 'script: "a.js", env: { NODE_OPTIONS: "--inspect" }'),
    ],
    ["the same by a name", imageOfPm2(`\nENV ${O}`, 'script: "a.js", env: { NODE_OPTIONS: options }')],
    ["the same for another runtime", imageOfPm2(`\nENV ${O}`, 'script: "a.js", interpreter: "bun"')],
    ["options of an earlier image", imageOfPm2(`AS a\nENV ${O}\nFROM node`)],
    [
      "options that the command takes away",
      imageOfPm2(`\nENV ${O}`, 'script: "a.js"', "CMD env -u NODE_OPTIONS pm2-runtime ecosystem.config.js"),
    ],
    [
      "one that compose gives others",
      {
        ...imageOfPm2(`\nENV ${O}`),
        "compose.yaml": "services:\n  a:\n    build: .\n    environment:\n      NODE_OPTIONS: --inspect\n",
      },
    ],
    [
      "one of two images",
      { ...imageOfPm2(`\nENV ${O}`), "b.Dockerfile": 'FROM node\nCMD ["pm2-runtime", "ecosystem.config.js"]\n' },
    ],
    [
      "a file that a script starts too",
      { ...imageOfPm2(`\nENV ${O}`), ...s({ start: "pm2 start ecosystem.config.js" }) },
    ],
    ["a file that the image does not run", { ...imageOfPm2(`\nENV ${O}`, 'script: "a.js"', "CMD node a.js") }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});
