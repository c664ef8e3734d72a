import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts the app has the preload, and FLUSHGUARD is set where it is started, in the image that it runs in, or in both.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const L = '"--import", "flushguard/register"';
const start = (command: string): Files => ({ "package.json": JSON.stringify({ scripts: { start: command } }) });
const image = (lines: string, name = "Dockerfile"): Files => ({
  [name]: `FROM node\n${lines}\nCMD ["node", "a.js"]\n`,
});
const OFF = image("ENV FLUSHGUARD=off");
const compose = (lines: string, build = "."): Files => ({
  "compose.yaml": `services:\n  web:\n    build: ${build}\n${lines}\n`,
});
const RUN = `    command: node ${P} a.js`;
const ON = '    environment:\n      FLUSHGUARD: "on"';
const run = (build?: string): Files => compose(RUN, build);
const of = (name: string) => `{ context: ., dockerfile: ${name} }`;
const container = (lines: string): Files => ({
  "d.yaml": `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: a\n${lines}\n`,
});
const COMMAND = `          command: ["node", ${L}, "a.js"]`;
const VALUE = (value: string) => `          env:\n            - name: FLUSHGUARD\n              value: "${value}"`;
const FROM_MAP = "          envFrom:\n            - configMapRef:\n                name: c";
const MAP = { "c.yaml": 'kind: ConfigMap\nmetadata:\n  name: c\ndata:\n  FLUSHGUARD: "off"\n' };
const unit = (lines: string): Files => ({
  "a.service": `[Service]\nWorkingDirectory=/srv\n${lines}\nExecStart=/usr/bin/node ${P} a.js\n`,
});
const pm2 = (app: string): Files => ({
  Dockerfile: 'FROM node\nENV FLUSHGUARD=off\nCMD ["pm2-runtime", "ecosystem.config.js"]\n',
  "ecosystem.config.js": `module.exports = { apps: [{ script: "a.js", ${app} }] };\n`,
});
const twoStages = (lines: string): Files => ({
  Dockerfile: `FROM node AS prod\nCMD ["node", "a.js"]\nFROM node AS work\nENV FLUSHGUARD=off\nCMD ["node", "b.js"]\n`,
  "compose.yaml": `services:\n  web:\n    build: { context: ., target: prod }\n${RUN}\n  work:\n    build: { context: ., target: work }\n    command: node ${P} b.js\n${lines}\n`,
});
const twoImages = (web: string, worker: string): Files => ({
  ...image("ENV FLUSHGUARD=off", "Dockerfile.web"),
  ...image(""),
  "compose.yaml": `services:\n  web:\n    build: ${of("Dockerfile.web")}\n${RUN}\n${web}\n  worker:\n    build: .\n    command: node ${P} b.js\n${worker}\n`,
});
const serverless = (value: string): Files => ({
  "serverless.yml": `provider:\n  runtime: nodejs20.x\n  environment:\n    NODE_OPTIONS: ${P}\n    FLUSHGUARD: "off"\nfunctions:\n  b:\n    handler: b.handler\n    environment:\n      FLUSHGUARD: "${value}"\n`,
});

describe("guarded", () => {
  it.each<[string, Files]>([
    ["a service that sets it over its image", { ...OFF, ...compose(`${RUN}\n${ON}`) }],
    ["the same by a file", { ...OFF, ...compose(`${RUN}\n    env_file: [a.env]`), "a.env": "FLUSHGUARD=on\n" }],
    ["a container that does", { ...OFF, ...container(`${COMMAND}\n${VALUE("on")}`) }],
    ["two images, and it is set for the one that is off", twoImages(ON, "")],
    ["an image that no service builds", { ...image("ENV FLUSHGUARD=off", "Dockerfile.old"), ...image(""), ...run() }],
    ["an image that is not of the app", { ...OFF, "compose.yaml": `services:\n  web:\n    image: node:22\n${RUN}\n` }],
    ["an earlier stage", { Dockerfile: 'FROM node AS b\nENV FLUSHGUARD=off\nFROM node\nCMD ["node"]\n', ...run() }],
    ["two stages, and it is set for the one that is off", twoStages(ON)],
    ["a stage that sets it again", image(`ENV FLUSHGUARD=off\nENV FLUSHGUARD=on\nENV NODE_OPTIONS="${P}"`)],
    ["what an image has while it is built", { ...image("ARG FLUSHGUARD=off"), ...run() }],
    [
      "a command of an image that sets it",
      { Dockerfile: `FROM node\nENV FLUSHGUARD=off\nCMD FLUSHGUARD=on node ${P} a.js\n` },
    ],
    ["a service over its file", { ...compose(`${ON}\n${RUN}\n    env_file: a.env`), "a.env": "FLUSHGUARD=off\n" }],
    ["a container over its map", { ...MAP, ...container(`${COMMAND}\n${VALUE("on")}\n${FROM_MAP}`) }],
    [
      "a service over what it merges",
      {
        "compose.yaml": `x-env: &env\n  FLUSHGUARD: "off"\nservices:\n  web:\n    build: .\n${RUN}\n    environment:\n      <<: *env\n      FLUSHGUARD: "on"\n`,
      },
    ],
    ["pm2 over the image that it is in", pm2(`node_args: "${P}", env: { FLUSHGUARD: "on" }`)],
    [
      "a unit's file over the unit",
      { ...unit("EnvironmentFile=-/srv/a.env\nEnvironment=FLUSHGUARD=off"), "a.env": "FLUSHGUARD=on\n" },
    ],
    [
      "a drop-in over the unit",
      { ...unit("Environment=FLUSHGUARD=off"), "a.service.d/o.conf": "[Service]\nEnvironment=FLUSHGUARD=on\n" },
    ],
    ["a function over its provider", serverless("on")],
    [
      "a command over its file",
      { ...start(`FLUSHGUARD=on node --env-file=.env ${P} a.js`), ".env": "FLUSHGUARD=off\n" },
    ],
    [
      "the last of two files",
      {
        ...start(`node --env-file=a.env --env-file=b.env ${P} a.js`),
        "a.env": "FLUSHGUARD=off\n",
        "b.env": "FLUSHGUARD=on\n",
      },
    ],
    ["a comment", { ...start(`node --env-file=.env ${P} a.js`), ".env": "# FLUSHGUARD=off\n" }],
    ["another command of the line", start(`FLUSHGUARD=off node prepare.js && node ${P} a.js`)],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    ["an image with the command of a service", { ...OFF, ...run() }],
    ["the same without a command of its own", { Dockerfile: "FROM node\nENV FLUSHGUARD=off\n", ...run() }],
    ["the same that observes", { ...image("ENV FLUSHGUARD=observe"), ...run() }],
    ["the same in the old form", { ...image("ENV FLUSHGUARD off"), ...run() }],
    ["the same among others", { ...image('ENV NODE_ENV=production \\\n    FLUSHGUARD="off"'), ...run() }],
    ["the same with the options of a service", { ...OFF, ...compose(`    environment:\n      NODE_OPTIONS: ${P}`) }],
    ["the same with the command of a container", { ...OFF, ...container(COMMAND) }],
    [
      "the same with the options of a container",
      { ...OFF, ...container(`          env: [{ name: NODE_OPTIONS, value: "${P}" }]`) },
    ],
    [
      "the same with a process of a platform",
      {
        Dockerfile: "FROM node\nENV FLUSHGUARD=off\n",
        "fly.toml": `app = "a"\n[processes]\n  app = "node ${P} a.js"\n`,
      },
    ],
    [
      "the same of another",
      {
        Dockerfile: "FROM node\nENV FLUSHGUARD=off\n",
        "heroku.yml": `build:\n  docker:\n    web: Dockerfile\nrun:\n  web: node ${P} a.js\n`,
      },
    ],
    ["two images, and one is off", twoImages("", "")],
    ["the same, and it is set for the other one", twoImages("", ON)],
    [
      "the stage that the last one is from",
      { Dockerfile: 'FROM node AS b\nENV FLUSHGUARD=off\nFROM b\nCMD ["node"]\n', ...run() },
    ],
    ["two stages, and one is off", twoStages("")],
    ["an argument of an image", { ...image("ARG FG=off\nENV FLUSHGUARD=$FG"), ...run() }],
    ["the same of one name", { ...image(`ARG FLUSHGUARD=off\nENV FLUSHGUARD=$FLUSHGUARD NODE_OPTIONS="${P}"`) }],
    [
      "an ENTRYPOINT that sets it",
      { Dockerfile: 'FROM node\nENTRYPOINT ["env", "FLUSHGUARD=off"]\nCMD ["node", "a.js"]\n', ...run() },
    ],
    [
      "one that is a script",
      {
        Dockerfile: 'FROM node\nENTRYPOINT ["./e.sh"]\nCMD ["node", "a.js"]\n',
        "e.sh": '#!/bin/sh\nexport FLUSHGUARD=off\nexec "$@"\n',
        ...run(),
      },
    ],
    ["a variable of compose", { ...compose(`${RUN}\n    environment:\n      FLUSHGUARD: \${FG}`), ".env": "FG=off\n" }],
    ["its default", compose(`${RUN}\n    environment:\n      FLUSHGUARD: \${FG:-off}`)],
    [
      "what a container has from a key of a map",
      container(
        `${COMMAND}\n          env:\n            - name: FLUSHGUARD\n              valueFrom:\n                configMapKeyRef:\n                  name: c\n                  key: a`,
      ),
    ],
    ["pm2 in an image that is off", pm2(`node_args: "${P}"`)],
    ["the same with variables of its own", pm2(`env: { NODE_OPTIONS: "${P}" }`)],
    ["a unit's file that may be missing", { ...unit("EnvironmentFile=-/srv/a.env"), "a.env": "FLUSHGUARD=off\n" }],
    [
      "the same over the unit",
      { ...unit("Environment=FLUSHGUARD=on\nEnvironmentFile=-/srv/a.env"), "a.env": "FLUSHGUARD=off\n" },
    ],
    ["a function", serverless("off")],
    [
      "a default of a shell's script",
      { ...start("./s.sh"), "s.sh": `#!/bin/sh\nexport FLUSHGUARD=\${FLUSHGUARD:-off}\nexec node ${P} a.js\n` },
    ],
    ["a command that follows the one that sets it", start(`export FLUSHGUARD=off && node ${P} a.js`)],
    ["the second of two commands", start(`node ${P} a.js & FLUSHGUARD=off node ${P} b.js`)],
    ["the first of two commands", start(`FLUSHGUARD=off node ${P} a.js & FLUSHGUARD=on node ${P} b.js`)],
    [
      "a file that replaces what is set",
      { ...start(`FLUSHGUARD=on env-cmd -f a.env node ${P} a.js`), "a.env": "FLUSHGUARD=off\n" },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it("says which line of an image it is", () => {
  const { places } = startsIn(directoryWith({ ...OFF, ...run() }));
  expect(places).toContainEqual({ place: "Dockerfile:2", off: true, unseen: true });
});

/** What flushguard guards here, as the doctor has found it. */
const leftOutBy = (choice: string) => (choice.includes("hot-shots") === choice.startsWith("-") ? ["hot-shots"] : []);

describe("a client that is left out", () => {
  it.each<[string, Files]>([
    ["by a command", start(`FLUSHGUARD_TARGETS=-hot-shots node ${P} a.js`)],
    ["by a list without it", start(`FLUSHGUARD_TARGETS=prom-client node ${P} a.js`)],
    ["by an image", { Dockerfile: `FROM node\nENV FLUSHGUARD_TARGETS=-hot-shots\nCMD ["node", ${L}, "a.js"]\n` }],
    ["by the image of a service", { ...image('ENV FLUSHGUARD_TARGETS="-hot-shots"'), ...run() }],
    [
      "the same where the guard is set to be on",
      { ...image("ENV FLUSHGUARD_TARGETS=-hot-shots"), ...compose(`${RUN}\n${ON}`) },
    ],
    ["by a service", compose(`${RUN}\n    environment:\n      FLUSHGUARD_TARGETS: "-hot-shots"`)],
    [
      "by a service for its image",
      {
        Dockerfile: `FROM node\nCMD ["node", ${L}, "a.js"]\n`,
        ...compose('    environment:\n      FLUSHGUARD_TARGETS: "-hot-shots"'),
      },
    ],
    [
      "by a container",
      container(
        `${COMMAND}\n          env:\n            - name: FLUSHGUARD_TARGETS\n              value: "-hot-shots"`,
      ),
    ],
    ["by a unit", unit("Environment=FLUSHGUARD_TARGETS=prom-client")],
    ["by a unit's file", { ...unit("EnvironmentFile=/srv/a.env"), "a.env": "FLUSHGUARD_TARGETS=-hot-shots\n" }],
    [
      "by pm2",
      {
        "ecosystem.config.js": `module.exports = { apps: [{ script: "a.js", node_args: "${P}", env: { FLUSHGUARD_TARGETS: "-hot-shots" } }] };\n`,
      },
    ],
    ["by a process", { Procfile: `web: FLUSHGUARD_TARGETS=-hot-shots node ${P} a.js\n` }],
    [
      "by a file of the command",
      { ...start(`node --env-file=.env ${P} a.js`), ".env": "FLUSHGUARD_TARGETS=-hot-shots\n" },
    ],
    [
      "by a shell's script",
      { ...start("./s.sh"), "s.sh": `#!/bin/sh\nexport FLUSHGUARD_TARGETS=-hot-shots\nexec node ${P} a.js\n` },
    ],
  ])("%s", (_, files) => {
    const cwd = directoryWith(files);
    const { places, preloaded } = startsIn(cwd, undefined, leftOutBy);
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
    expect(places.flatMap(({ leftOut = [] }) => leftOut)).toContain("hot-shots");
    expect(startsIn(cwd).preloaded).toBe(true);
  });

  it.each<[string, Files]>([
    ["another one", start(`FLUSHGUARD_TARGETS=-prom-client node ${P} a.js`)],
    [
      "in an image, and left in by what runs it",
      {
        ...image("ENV FLUSHGUARD_TARGETS=-hot-shots"),
        ...compose(`${RUN}\n    environment:\n      FLUSHGUARD_TARGETS: hot-shots`),
      },
    ],
    [
      "in a file, and left in by the command",
      {
        ...start(`FLUSHGUARD_TARGETS=hot-shots node --env-file=.env ${P} a.js`),
        ".env": "FLUSHGUARD_TARGETS=-hot-shots\n",
      },
    ],
  ])("is not %s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files), undefined, leftOutBy);
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});
