import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What is set more than once, taken over from elsewhere in the file, or asked for by a name.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const start = (command: string): Files => ({ "package.json": JSON.stringify({ scripts: { start: command } }) });
const image = (lines: string): Files => ({ Dockerfile: `FROM node\n${lines}\n` });
const compose = (lines: string): Files => ({ "compose.yaml": `services:\n${lines}` });
const base = (lines: string) => `  base:\n    image: a\n${lines}`;
const WITH = `    environment:\n      NODE_OPTIONS: ${P}\n`;
const COMMAND = "    command: node a.js\n";
const unit = (lines: string): Files => ({ "a.service": `[Service]\nWorkingDirectory=/srv\n${lines}\n` });
const pm2 = (app: string, command = "pm2 start ecosystem.config.js"): Files => ({
  ...start(command),
  "ecosystem.config.js": `module.exports = { apps: [{ script: "a.js", ${app} }] };\n`,
});
const PRODUCTION = `env_production: { NODE_OPTIONS: "${P}" }`;
const asked = (name: string) => `pm2 start ecosystem.config.js --env ${name}`;

describe("guarded", () => {
  it.each<[string, Files]>([
    ["the last of two", start(`NODE_OPTIONS=--inspect NODE_OPTIONS="${P}" node a.js`)],
    [
      "the last of two that adds to the first",
      start(`NODE_OPTIONS="${P}" cross-env NODE_OPTIONS="$NODE_OPTIONS --inspect" node a.js`),
    ],
    ["options on both sides of what was there", start(`NODE_OPTIONS="--inspect $NODE_OPTIONS ${P}" node a.js`)],
    ["the same with a default", start(`NODE_OPTIONS="--inspect \${NODE_OPTIONS:-} ${P}" node a.js`)],
    ["the same of an image", image(`ENV NODE_OPTIONS="--inspect $NODE_OPTIONS $EXTRA ${P}"\nCMD node a.js`)],
    ["options of a command behind a variable of options", start(`node $NODE_ARGS ${P} a.js`)],
    ["set beside another variable", start(`export A=b NODE_OPTIONS="${P}"; node a.js`)],
    ["set in a shell of a unit", unit(`ExecStart=/bin/sh -c 'export NODE_OPTIONS="${P}"; exec node a.js'`)],
    ["a service that extends one", compose(`${base(WITH)}  a:\n    extends: base\n${COMMAND}`)],
    ["one by its key", compose(`${base(WITH)}  a:\n    extends:\n      service: base\n${COMMAND}`)],
    ["one in braces", compose(`${base(WITH)}  a:\n    extends: { service: base }\n${COMMAND}`)],
    ["one below", compose(`  a:\n    extends: base\n${COMMAND}${base(WITH)}`)],
    ["one of one", compose(`${base(WITH)}  b:\n    extends: base\n  a:\n    extends: b\n${COMMAND}`)],
    [
      "one of another file, with a command of its own",
      compose(`  a:\n    extends:\n      file: ../b.yaml\n      service: base\n    command: node ${P} a.js\n`),
    ],
    ["the environment that is asked for", pm2(PRODUCTION, asked("production"))],
    ["the same with a sign between", pm2(PRODUCTION, asked("production").replace(" production", "=production"))],
    [
      "the same in an image",
      { ...pm2(PRODUCTION, "x"), ...image('CMD ["pm2-runtime","ecosystem.config.js","--env","production"]') },
    ],
    [
      "the same in YAML",
      {
        ...start("pm2 start pm2.yaml --env production"),
        "pm2.yaml": `apps:\n  - script: a.js\n    env_production:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    ["Node by its path", pm2(`interpreter: "/usr/bin/node", node_args: "${P}"`)],
    ["a version of Node", pm2(`interpreter: "node@22.1.0", env: { NODE_OPTIONS: "${P}" }`)],
    ["tsx", pm2(`interpreter: "node_modules/.bin/tsx", interpreter_args: "${P}"`)],
    ["another language beside the app", pm2(`node_args: "${P}" }, { script: "b.py", interpreter: "python3"`)],
    ["options in a template of JavaScript", pm2(`node_args: \`${P}\``)],
    ["options by a name behind those of Node", pm2(`node_args: "${P}", env: { NODE_OPTIONS: options }`)],
    ["Node by npx", start(`npx --yes node@22 ${P} a.js`)],
    [
      "the files of dotenv for a name",
      { ...start("dotenv -c production -- node a.js"), ".env.production": `NODE_OPTIONS="${P}"\n` },
    ],
    [
      "those without a name",
      { ...start("dotenv -c -- node a.js"), ".env.local": `NODE_OPTIONS="${P}"\n`, ".env": "A=b\n" },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("counts as without the preload", () => {
  it.each<[string, Files]>([
    ["the last of two in a command", start(`NODE_OPTIONS="${P}" NODE_OPTIONS=--inspect node a.js`)],
    ["the last of two is empty", start(`env NODE_OPTIONS="${P}" NODE_OPTIONS= node a.js`)],
    ["the last of two of cross-env", start(`cross-env NODE_OPTIONS="${P}" NODE_OPTIONS=--inspect node a.js`)],
    ["the last of two of dotenv", start(`dotenv -v NODE_OPTIONS="${P}" -v NODE_OPTIONS=--inspect -- node a.js`)],
    ["the last of two for all", start(`export NODE_OPTIONS="${P}"; export NODE_OPTIONS=--inspect; node a.js`)],
    ["set for all, and for one", start(`export NODE_OPTIONS="${P}" && NODE_OPTIONS=--inspect node a.js`)],
    ["set for all, and taken away", start(`export NODE_OPTIONS="${P}"; unset NODE_OPTIONS; node a.js`)],
    ["set behind another app", start(`node b.js & export NODE_OPTIONS="${P}"; node a.js`)],
    ["taken away before another app", start(`export NODE_OPTIONS="${P}"; node a.js & unset NODE_OPTIONS; node b.js`)],
    [
      "set behind another app in an image",
      image(`CMD ["sh","-c","node b.js & export NODE_OPTIONS='${P}'; exec node a.js"]`),
    ],
    [
      "the last of two in a script",
      { ...start("sh s.sh"), "s.sh": `export NODE_OPTIONS="${P}" NODE_OPTIONS=--inspect\nexec node a.js\n` },
    ],
    ["the last of two in a line of an image", image(`ENV NODE_OPTIONS="${P}" NODE_OPTIONS="--inspect"\nCMD node a.js`)],
    [
      "the last of two in a line of a unit",
      unit(`Environment="NODE_OPTIONS=${P}" "NODE_OPTIONS=--inspect"\nExecStart=/usr/bin/node a.js`),
    ],
    [
      "the last of two of supervisord",
      {
        "supervisord.conf": `[program:a]\ncommand=node a.js\nenvironment=NODE_OPTIONS="${P}",NODE_OPTIONS="--inspect"\n`,
      },
    ],
    ["the last of two of pm2", pm2(`env: { NODE_OPTIONS: "${P}", NODE_OPTIONS: "--inspect" }`)],
    ["a variable that an option takes", start('NODE_OPTIONS="--require $NODE_OPTIONS" node a.js')],
    ["options behind a script by a variable", start(`node $MAIN ${P}`)],
    [
      "a service that extends one, with options of its own",
      compose(`${base(WITH)}  a:\n    extends: base\n${WITH.replace(P, "--inspect")}${COMMAND}`),
    ],
    [
      "one with a command of its own",
      compose(`${base(`    command: node ${P} a.js\n`)}  b:\n    extends: base\n    command: node b.js\n`),
    ],
    ["two that extend each other", compose(`  b:\n    extends: a\n  a:\n    extends: b\n${COMMAND}`)],
    ["one of another file", compose(`  a:\n    extends:\n      file: ../b.yaml\n      service: base\n${COMMAND}`)],
    ["an environment that is not asked for", pm2(PRODUCTION, asked("staging"))],
    [
      "the same in YAML",
      {
        ...start("pm2 start pm2.yaml"),
        "pm2.yaml": `apps:\n  - script: a.js\n    env_production:\n      NODE_OPTIONS: ${P}\n`,
      },
    ],
    [
      "one of two environments that are asked for",
      {
        ...pm2(PRODUCTION),
        "package.json": JSON.stringify({ scripts: { start: asked("production"), staging: asked("staging") } }),
      },
    ],
    [
      "one that takes away what all have",
      pm2(`env: { NODE_OPTIONS: "${P}" }, env_production: { NODE_OPTIONS: "--inspect" }`, asked("production")),
    ],
    ["Node by its path, beside a script with it", pm2('interpreter: "/usr/bin/node"', `node ${P} a.js`)],
    ["Bun", pm2(`interpreter: "bun", node_args: "${P}"`)],
    ["Bun by its other key", pm2(`exec_interpreter: "bun", node_args: "${P}"`)],
    ["Deno beside a script with it", pm2('interpreter: "deno"', `node ${P} a.js`)],
    ["ts-node", pm2(`interpreter: "ts-node", interpreter_args: "${P}"`)],
    ["nothing", pm2(`interpreter: "none", node_args: "${P}"`)],
    ["Bun in YAML", { "pm2.yaml": `apps:\n  - script: a.js\n    interpreter: bun\n    node_args: "${P}"\n` }],
    ["options by a name", pm2("node_args: options")],
    ["options by a call", pm2("node_args: optionsOf(1)")],
    ["options by the name of the key", pm2("node_args")],
    ["options by one that may be set", pm2(`env: { NODE_OPTIONS: process.env.NODE_OPTIONS || "${P}" }`)],
    ["Node by npx", start("npx node@22 a.js")],
    [
      "the first of two files of dotenv",
      {
        ...start("dotenv -e a.env -e b.env -- node a.js"),
        "a.env": "NODE_OPTIONS=--inspect\n",
        "b.env": `NODE_OPTIONS="${P}"\n`,
      },
    ],
    [
      "the local one of dotenv's",
      {
        ...start("dotenv -c production -- node a.js"),
        ".env.production": `NODE_OPTIONS="${P}"\n`,
        ".env.local": "NODE_OPTIONS=--inspect\n",
      },
    ],
    ["one of another name", { ...start("dotenv -c production -- node a.js"), ".env.staging": `NODE_OPTIONS="${P}"\n` }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it("says that it cannot be told where options go by a name, and has nothing to be there instead", () => {
  for (const files of [pm2("node_args: options"), pm2(`interpreter: "bun", node_args: "${P}"`)]) {
    expect(startsIn(directoryWith(files)).places).toEqual([{ place: "ecosystem.config.js:1", unseen: true }]);
  }
});
