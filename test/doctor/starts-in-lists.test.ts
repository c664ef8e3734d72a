import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// Commands that are lists, look like lists, or go through one shell or two, and what quotes make of options.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const L = '"--import", "flushguard/register"';
const start = (command: string): Files => ({ "package.json": JSON.stringify({ scripts: { start: command } }) });
const image = (lines: string): Files => ({ Dockerfile: `FROM node\n${lines}\n` });
const GUARDED_IMAGE = image(`CMD ["node", ${L}, "a.js"]`);
const IMAGE_WITH_OPTIONS = image(`ENV NODE_OPTIONS="${P}"\nCMD ["node", "a.js"]`);
const compose = (lines: string): Files => ({ "compose.yaml": `services:\n  web:\n    build: .\n${lines}\n` });
const container = (lines: string): Files => ({
  "k8s/a.yaml": `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: a\n${lines}\n`,
});
const COMMAND = `          command: ["node", ${L}, "a.js"]\n`;
const withVariables = (lines: string, command = COMMAND): Files => container(`${command}          env:${lines}`);
const NAME = "\n            - name: FLUSHGUARD\n";
const render = (lines: string): Files => ({
  "render.yaml": `services:\n  - type: web\n    startCommand: node ${P} a.js\n    envVars:\n${lines}\n`,
});
const unit = (lines: string): Files => ({ "a.service": `[Service]\nWorkingDirectory=/srv\n${lines}\n` });
const script = (lines: string, name = "e.sh"): Files => ({ [name]: `#!/bin/sh\n${lines}\n` });
const scripts = { "package.json": JSON.stringify({ scripts: { start: `node ${P} a.js`, other: "node a.js" } }) };

describe("guarded", () => {
  it.each<[string, Files]>([
    [
      "another variable by a name and a value",
      withVariables('\n            - name: FLUSHGUARD_DRAIN\n              value: "off"'),
    ],
    [
      "on by a name and a value",
      withVariables(`${NAME}              value: "on"\n            - name: A\n              value: "off"`),
    ],
    [
      "switched off in what is no app",
      {
        ...GUARDED_IMAGE,
        "compose.yaml": 'services:\n  db:\n    image: redis\n    environment:\n      FLUSHGUARD: "off"\n',
      },
    ],
    ["a line for a shell behind an init", image(`ENTRYPOINT ["tini", "--"]\nCMD node ${P} a.js`)],
    [
      "a line for a shell behind the image's own script",
      image(`ENTRYPOINT ["docker-entrypoint.sh"]\nCMD node ${P} a.js`),
    ],
    [
      "a line for a shell behind a script",
      { ...image(`ENTRYPOINT ["./e.sh"]\nCMD node ${P} a.js`), ...script('exec "$@"') },
    ],
    ["a shell and its line", image(`ENTRYPOINT ["sh", "-c"]\nCMD ["node ${P} a.js"]`)],
    ["a list over several lines", image(`CMD [ "node", \\\n  ${L}, \\\n  "a.js" ]`)],
    ["quotes in a line for a shell", image(`CMD "node" ${P} "a.js"`)],
    ["a variable of an image in a list for a shell", image(`ENV O="${P}"\nCMD ["sh", "-c", "exec node $O a.js"]`)],
    ["blanks in a word of the app's", image(`CMD ["node", ${L}, "a.js", "--title", "my app"]`)],
    ["a line for another user", image(`CMD ["su", "node", "-c", "node ${P} a.js"]`)],
    ["options for pm2 in two words", image(`CMD ["pm2-runtime", "start", "a.js", "--node-args", "${P}"]`)],
    ["options for pm2 in one", image(`CMD ["pm2-runtime", "start", "a.js", "--node-args=${P}"]`)],
    ["a script by a list with blanks", { ...scripts, ...image('CMD [ "npm", "start" ]') }],
    ["one behind npm's options", { ...scripts, ...image('CMD ["npm", "run", "--silent", "start"]') }],
    ["one behind others of npm's", { ...scripts, Procfile: "web: npm --silent run start\n" }],
    ["one of the ENTRYPOINT's", { ...scripts, ...image('ENTRYPOINT ["npm", "run"]\nCMD ["start"]') }],
    ["one by npm's path", { ...scripts, ...image('CMD ["/usr/local/bin/npm", "start"]') }],
    ["one in a unit", { ...scripts, ...unit("ExecStart=/usr/bin/npm start") }],
    ["one in a list of YAML", { ...scripts, ...compose("    command:\n      - npm\n      - run\n      - start") }],
    ["one in two lists", { ...scripts, ...container('          command: ["npm"]\n          args: ["run", "start"]') }],
    ["a line for a shell in a list of YAML", compose(`    command:\n      - sh\n      - -c\n      - node ${P} a.js`)],
    ["a platform's file on one line", { "railway.json": `{"deploy":{"startCommand":"node ${P} a.js"}}` }],
    [
      "variables for an image that are others",
      {
        ...IMAGE_WITH_OPTIONS,
        "fly.toml": 'app="a"\n[env]\n  PORT = "80"\n',
        ...compose("    environment:\n      - A"),
      },
    ],
    ["a probe in braces", { ...GUARDED_IMAGE, ...container('          livenessProbe: { exec: { command: ["a"] } }') }],
    [
      "a file that replaces what is set around",
      { ...start("NODE_OPTIONS=--inspect dotenv -o -- node a.js"), ".env": `NODE_OPTIONS="${P}"\n` },
    ],
    [
      "the same of dotenvx",
      { ...start("NODE_OPTIONS=--inspect dotenvx run --overload -- node a.js"), ".env": `NODE_OPTIONS="${P}"\n` },
    ],
    [
      "a file that does not",
      { ...start(`NODE_OPTIONS="${P}" dotenv -- node a.js`), ".env": "NODE_OPTIONS=--inspect\n" },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded for sure", () => {
  it.each<[string, Files]>([
    ["single quotes", image("CMD ['node', '--import', 'flushguard/register', 'a.js']")],
    ["single quotes in an ENTRYPOINT", image("ENTRYPOINT ['node', '--import', 'flushguard/register', 'a.js']")],
    ["single quotes in front of a right CMD", image(`ENTRYPOINT ['tini', '--']\nCMD ["node", ${L}, "a.js"]`)],
    ["no quotes", image("CMD [node, --import, flushguard/register, a.js]")],
    ["no commas", image('CMD ["node" "--import" "flushguard/register" "a.js"]')],
    ["a comma at the end", image(`CMD ["node", ${L}, "a.js", ]`)],
    ["a comment behind a list", image(`CMD ["node", ${L}, "a.js"] # the app`)],
    ["a number", image(`CMD ["node", ${L}, "a.js", 80]`)],
    ["a line for a shell in quotes", image(`CMD "node ${P} a.js"`)],
    ["Node that is given a shell", image(`ENTRYPOINT ["node", ${L}]\nCMD a.js`)],
    ["the same by the image's own script", image(`ENTRYPOINT ["docker-entrypoint.sh", "node"]\nCMD ${P} a.js`)],
    ["the same by options around", image(`ENV NODE_OPTIONS="${P}"\nENTRYPOINT ["node"]\nCMD a.js`)],
    ["the same by a script", { ...image('ENTRYPOINT ["./e.sh"]\nCMD a.js'), ...script(`exec node ${P} "$@"`) }],
    ["a shell that is given a shell", image(`ENTRYPOINT ["sh", "-c"]\nCMD node ${P} a.js`)],
    ["a shell that is given words", image(`CMD ["sh", "-c", "node", ${L}, "a.js"]`)],
    ["the same in two lists", image(`ENTRYPOINT ["sh", "-c"]\nCMD ["node", ${L}, "a.js"]`)],
    ["the same in lists of YAML", container(`          command: [sh, -c]\n          args: [node, ${L}, a.js]`)],
    ["a program with its options in one word", image(`CMD ["node ${P} a.js"]`)],
    ["a script in one word", { ...scripts, ...image('CMD ["npm start"]') }],
    ["an option with its value in one word", image(`CMD ["node", "${P}", "a.js"]`)],
    ["the same in a list of YAML", compose(`    command:\n      - node\n      - ${P}\n      - a.js`)],
    ["the same behind a command", container(`          command: ["node"]\n          args: ["${P}", "a.js"]`)],
    ["options in quotes twice", image(`ENV NODE_OPTIONS="'${P}'"\nCMD ["node", "a.js"]`)],
    ["the same in a script", start(`NODE_OPTIONS="'${P}'" node a.js`)],
    ["the same in a unit", unit(`Environment="NODE_OPTIONS='${P}'"\nExecStart=/usr/bin/node a.js`)],
    [
      "the same in a file",
      { ...compose("    env_file: a.env"), ...image("CMD node a.js"), "a.env": `NODE_OPTIONS="'${P}'"` },
    ],
    ["a variable in quotes", image(`ENV O="${P}"\nCMD node "$O" a.js`)],
    ["a variable in quotes in a list", image(`ENV O="${P}"\nCMD ["sh", "-c", "node \\"$O\\" a.js"]`)],
    ["a variable that no shell expands", image(`ENV O="${P}"\nCMD ["node", "$O", "a.js"]`)],
    [
      "variables of an image that are passed through",
      { ...IMAGE_WITH_OPTIONS, ...compose("    environment:\n      - NODE_OPTIONS") },
    ],
    ["the same without a value", { ...IMAGE_WITH_OPTIONS, ...compose("    environment:\n      NODE_OPTIONS:") }],
    ["others of a platform", { ...IMAGE_WITH_OPTIONS, "fly.toml": 'app="a"\n[env]\n  NODE_OPTIONS = "--inspect"\n' }],
    [
      "others of a platform in a list",
      {
        ...IMAGE_WITH_OPTIONS,
        "render.yaml": "services:\n  - type: web\n    envVars:\n      - key: NODE_OPTIONS\n        value: --inspect\n",
      },
    ],
    ["a platform's file on one line", { ...GUARDED_IMAGE, "railway.json": '{"deploy":{"startCommand":"node a.js"}}' }],
    [
      "a service in braces",
      { ...GUARDED_IMAGE, "compose.yaml": "services:\n  web: { build: ., command: node a.js }\n" },
    ],
    [
      "its variables in braces",
      { ...IMAGE_WITH_OPTIONS, "compose.yaml": 'services:\n  web: { build: ., environment: { NODE_OPTIONS: "" } }\n' },
    ],
    ["a container in braces", { ...GUARDED_IMAGE, ...container('        - { image: b, command: ["node", "a.js"] }') }],
    [
      "containers in JSON",
      {
        ...GUARDED_IMAGE,
        "k8s/a.yaml": '{"kind":"Pod","spec":{"containers":[{"image":"a","command":["node","a.js"]}]}}',
      },
    ],
    ["a script by a list with blanks", { ...scripts, ...image('CMD [ "npm", "run", "other" ]') }],
    ["a script in a unit", { ...scripts, ...unit("ExecStart=/usr/bin/npm run other") }],
    [
      "a file that replaces what is set around",
      { ...start(`NODE_OPTIONS="${P}" dotenv -o -- node a.js`), ".env": "NODE_OPTIONS=--inspect\n" },
    ],
    [
      "the last of two that do",
      {
        ...start("dotenv -o -e a.env -e b.env -- node a.js"),
        "a.env": `NODE_OPTIONS="${P}"\n`,
        "b.env": "NODE_OPTIONS=--inspect\n",
      },
    ],
    [
      "an option of the app's own",
      { ...start("NODE_OPTIONS=--inspect dotenv -- node a.js -o b"), ".env": `NODE_OPTIONS="${P}"\n` },
    ],
    ["switched off by a name and a value", withVariables(`${NAME}              value: "off"`)],
    ["the same without quotes", withVariables(`${NAME}              value: off`)],
    ["the same, value first", withVariables('\n            - value: "off"\n              name: FLUSHGUARD')],
    ["the same in braces", withVariables(' [{ name: FLUSHGUARD, value: "off" }]')],
    ["the same in braces of JSON", withVariables(' [{ "name": "FLUSHGUARD", "value": "0" }]')],
    ["the same in a list of braces", withVariables("\n            - { name: FLUSHGUARD, value: 'no' }")],
    [
      "the same beside options",
      withVariables(
        `\n            - name: NODE_OPTIONS\n              value: "${P}"${NAME}              value: "off"`,
        '          command: ["node", "a.js"]\n',
      ),
    ],
    [
      "the same for what an image starts",
      { ...GUARDED_IMAGE, ...withVariables(`${NAME}              value: "off"`, "") },
    ],
    ["a container that observes", withVariables(`${NAME}              value: observe`)],
    [
      "an image that is made to observe",
      { ...GUARDED_IMAGE, ...withVariables(`${NAME}              value: observe`, "") },
    ],
    ["the same of an image", image(`ENV FLUSHGUARD=observe\nCMD ["node", ${L}, "a.js"]`)],
    ["the same of a command", start(`FLUSHGUARD=observe node ${P} a.js`)],
    ["the same of a unit", unit(`Environment=FLUSHGUARD=Observe\nExecStart=/usr/bin/node ${P} a.js`)],
    [
      "the same of a script that another runs",
      { "package.json": JSON.stringify({ scripts: { start: "FLUSHGUARD=observe npm run a", a: `node ${P} a.js` } }) },
    ],
    [
      "the same of a shell's script",
      { ...start("./e.sh"), ...script(`export FLUSHGUARD=observe\nexec node ${P} a.js`) },
    ],
    ["the same of compose", { ...GUARDED_IMAGE, ...compose('    environment:\n      FLUSHGUARD: "off"') }],
    ["the same of a platform", { ...GUARDED_IMAGE, "fly.toml": 'app="a"\n[env]\n  FLUSHGUARD = "off"\n' }],
    ["the same by a key", render("      - key: FLUSHGUARD\n        value: off")],
    [
      "the same by a group",
      {
        "render.yaml": `${render("      - fromGroup: g")["render.yaml"]}envVarGroups:\n  - name: g\n    envVars:\n      - key: FLUSHGUARD\n        value: "off"\n`,
      },
    ],
    [
      "the same of another platform",
      {
        "app.yaml": `services:\n  - name: web\n    run_command: node ${P} a.js\n    envs:\n      - key: FLUSHGUARD\n        value: "off"\n`,
      },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it("says what a line for a shell should be, without what an image puts in front of it", () => {
  const cwd = directoryWith(image('ENTRYPOINT ["tini", "--"]\nCMD exec node a.js'));
  expect(startsIn(cwd).places).toEqual([{ place: "Dockerfile:3", instead: `CMD exec node ${P} a.js` }]);
});

it("says where the guard is off in what an image starts", () => {
  const cwd = directoryWith({ ...GUARDED_IMAGE, ...withVariables(`${NAME}              value: "off"`, "") });
  expect(startsIn(cwd).places).toContainEqual({ place: "k8s/a.yaml:7", off: true, unseen: true });
});

it("says where what starts the app observes", () => {
  const cwd = directoryWith(start(`FLUSHGUARD=observe node ${P} a.js`));
  expect(startsIn(cwd).places).toEqual([
    { place: "package.json scripts.start", preload: "flushguard/register", observes: true },
  ]);
});
