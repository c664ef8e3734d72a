import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// Options for Node that are no options, are set by another object, or of which nothing here tells.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const s = (scripts: Record<string, string>): Files => ({ "package.json": JSON.stringify({ scripts }) });
const image = (lines: string): Files => ({ Dockerfile: `FROM node\n${lines}\nCMD ["node","a.js"]\n` });
const unit = (lines: string): Files => ({ "a.service": `[Service]\nWorkingDirectory=/srv\n${lines}\n` });
const container = (lines: string, command = '["node","a.js"]') =>
  `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: a\n          command: ${command}\n${lines}`;
const map = (data: string, name = "cfg") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
const FROM_MAP = "          envFrom:\n            - configMapRef:\n                name: cfg\n";
const WITHOUT = '          env:\n            - name: NODE_OPTIONS\n              value: "--max-old-space-size=512"\n';
const render = (groups: string): Files => ({
  "render.yaml": `services:\n  - type: web\n    startCommand: node a.js\n    envVars:\n      - fromGroup: g\n${groups}`,
});

describe("guarded", () => {
  it.each<[string, Files]>([
    ["ENV in quotes", image(`ENV NODE_OPTIONS="${P}"`)],
    ["ENV with its blank behind a backslash", image("ENV NODE_OPTIONS=--import\\ flushguard/register")],
    ["ENV of the older form", image(`ENV NODE_OPTIONS ${P}`)],
    ["ENV in one word", image("ENV NODE_OPTIONS=--import=flushguard/register A=b")],
    ["a script with the value in quotes", s({ start: `NODE_OPTIONS='${P}' node a.js` })],
    ["a script with one word", s({ start: "NODE_OPTIONS=--import=flushguard/register node a.js" })],
    ["a script with a default", s({ start: `NODE_OPTIONS=\${NODE_OPTIONS:-${P}} node a.js` })],
    ["a script for cmd.exe that is told to the app", s({ start: `node ${P} a.js --hook notify.cmd` })],
    ["an argument in quotes", s({ start: `cross-env "NODE_OPTIONS=${P}" node a.js` })],
    [
      "a Dockerfile whose lines a backtick continues",
      { Dockerfile: `# escape=\`\nFROM node\nCMD node \`\n ${P} a.js` },
    ],
    ["a variable of the unit", unit(`Environment="A=${P}"\nExecStart=/usr/bin/node $A a.js`)],
    ["one word of the unit", unit(`Environment=A=--import=flushguard/register\nExecStart=/usr/bin/node \${A} a.js`)],
    ["a ConfigMap in the file", { "k8s/a.yaml": `${map(`NODE_OPTIONS: "${P}"`)}---\n${container(FROM_MAP)}` }],
    ["one in another file", { "k8s/c.yaml": map(`NODE_OPTIONS: "${P}"`), "k8s/a.yaml": container(FROM_MAP) }],
    [
      "a group of Render's",
      render(`envVarGroups:\n  - name: g\n    envVars:\n      - key: NODE_OPTIONS\n        value: ${P}\n`),
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    ["ENV that ends at its blank", image(`ENV NODE_OPTIONS=${P}`)],
    ["ENV that ends at a blank before it", image(`ENV NODE_OPTIONS=--max-old-space-size=512 ${P}`)],
    ["ENV with another behind it", image(`ENV NODE_OPTIONS=${P} A=b`)],
    ["a Procfile that ends at its blank", { Procfile: `web: NODE_OPTIONS=${P} node a.js\n` }],
    ["a unit with a variable for the app", unit("ExecStart=/usr/bin/node a.js --port $PORT")],
    ["a script that ends at its blank", s({ start: `NODE_OPTIONS=${P} node a.js` })],
    ["the same for cross-env", s({ start: `cross-env NODE_OPTIONS=${P} node a.js` })],
    ["the same with a path", s({ start: "NODE_OPTIONS=-r ./node_modules/flushguard/dist/register.cjs node a.js" })],
    ["the same exported", { ...s({ start: "sh start.sh" }), "start.sh": `export NODE_OPTIONS=${P}\nnode a.js\n` }],
    ["several words as one of the unit", unit(`Environment="A=${P}"\nExecStart=/usr/bin/node \${A} a.js`)],
    ["a ConfigMap without it", { "k8s/a.yaml": `${map("LOG: debug")}---\n${container(FROM_MAP)}` }],
    [
      "options of the container's own over a ConfigMap",
      { "k8s/a.yaml": `${map(`NODE_OPTIONS: "${P}"`)}---\n${container(`${FROM_MAP}${WITHOUT}`)}` },
    ],
    [
      "a group of Render's without it",
      render("envVarGroups:\n  - name: g\n    envVars:\n      - key: A\n        value: b\n"),
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect(preloaded).toBe(false);
    expect(places.filter(({ unseen }) => unseen)).toEqual([]);
    expect(places.some(({ preload }) => preload === undefined)).toBe(true);
  });
});

it.each<[string, Files]>([
  ["a ConfigMap that is not here", { "k8s/a.yaml": container(FROM_MAP) }],
  ["a secret", { "k8s/a.yaml": container("          envFrom:\n            - secretRef:\n                name: a\n") }],
  [
    "a key of another object",
    {
      "k8s/a.yaml": container(
        "          env:\n            - name: NODE_OPTIONS\n              valueFrom:\n                secretKeyRef:\n                  name: a\n                  key: b\n",
      ),
    },
  ],
  [
    "a value of a chart",
    {
      "k8s/a.yaml": container(
        "          env:\n            - name: NODE_OPTIONS\n              value: {{ .Values.nodeOptions | quote }}\n",
      ),
    },
  ],
  [
    "a secret over a ConfigMap",
    {
      "k8s/c.yaml": map(`NODE_OPTIONS: "${P}"`),
      "k8s/a.yaml": container(`${FROM_MAP}            - secretRef:\n                name: a\n`),
    },
  ],
  [
    "two ConfigMaps of one name",
    {
      "k8s/b.yaml": map("NODE_OPTIONS: --inspect"),
      "k8s/c.yaml": map(`NODE_OPTIONS: "${P}"`),
      "k8s/a.yaml": container(FROM_MAP),
    },
  ],
  ["a group of Render's that is not here", render("")],
  ["a variable that the unit has from elsewhere", unit("EnvironmentFile=/etc/a.env\nExecStart=/usr/bin/node $A a.js")],
  [
    "a variable of whoever starts compose",
    {
      "compose.yaml": "services:\n  a:\n    image: a\n    command: node a.js\n    environment:\n      - NODE_OPTIONS\n",
    },
  ],
  [
    "the value of one",
    {
      "compose.yaml": `services:\n  a:\n    image: a\n    command: node a.js\n    environment:\n      NODE_OPTIONS: \${APP_OPTIONS}\n`,
    },
  ],
  ["a script for cmd.exe", { ...s({ start: "start.cmd" }), "start.cmd": `set NODE_OPTIONS=${P}\r\nnode a.js\r\n` }],
  ["a script for PowerShell", s({ start: "pwsh -File ./start.ps1" })],
])("nothing tells with %s, and it counts as without the preload", (_, files) => {
  const { places, preloaded } = startsIn(directoryWith(files));
  expect({ places, preloaded }).toEqual({ places: [expect.objectContaining({ unseen: true })], preloaded: false });
  expect(places[0]).not.toHaveProperty("instead");
});

it("scripts for development start nothing that is in use", () => {
  for (const name of ["dev", "dev:server", "start:dev", "watch", "debug"]) {
    expect(startsIn(directoryWith({ ...s({ [name]: `node ${P} a.js` }), "server.js": "" })).preloaded).toBe(false);
  }
  expect(startsIn(directoryWith(s({ serve: `node ${P} a.js`, dev: "node a.js" }))).preloaded).toBe(true);
});

describe("what a shell has in NODE_OPTIONS", () => {
  const from = (start: string) => s({ start });
  const inShell = (files: Files) => startsIn(directoryWith(files), "flushguard/register").preloaded;

  it.each<[string, Files]>([
    ["a script", from("node a.js")],
    ["one that another runs", s({ start: "npm run a", a: "node a.js" })],
    ["one that adds to it", from('NODE_OPTIONS="$NODE_OPTIONS --inspect" node a.js')],
    ["what no file is for", {}],
  ])("is there for %s", (_, files) => {
    expect(inShell(files)).toBe(true);
  });

  it.each<[string, Files]>([
    ["an image", { ...from("node a.js"), Dockerfile: "FROM node\nCMD node a.js\n" }],
    ["a script in an image", { ...from("node a.js"), Dockerfile: "FROM node\nCMD npm start\n" }],
    ["a unit", unit("ExecStart=/usr/bin/node a.js")],
    ["a service of compose", { "compose.yaml": "services:\n  a:\n    command: node a.js\n" }],
    ["what a platform starts", { Procfile: "web: node a.js\n" }],
    ["a form that is not read", { "captain-definition": "{}" }],
    ["a script that sets others", from("NODE_OPTIONS=--inspect node a.js")],
    ["a script that sets none", from("NODE_OPTIONS= node a.js")],
    ["a script that takes them away", from("env -u NODE_OPTIONS node a.js")],
    ["a script that npm gives others", { ...from("node a.js"), ".npmrc": "node-options=--inspect\n" }],
    ["a script that is switched off", from("FLUSHGUARD=off node a.js")],
    ["a script of another runtime", from("bun a.js")],
  ])("is not there for sure for %s", (_, files) => {
    expect(inShell(files)).toBe(false);
  });
});
