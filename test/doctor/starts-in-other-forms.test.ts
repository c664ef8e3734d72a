import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// What starts the app in forms that are rarer, in folders further down, or not read at all.

const P = "--import flushguard/register";
const s = (scripts: Record<string, string>) => ({ "package.json": JSON.stringify({ scripts }) });
const good = s({ start: `node ${P} a.js` });
const bad = s({ start: "node a.js" });
const list = '["node","--import","flushguard/register","a.js"]';
const workload = (kind: string, command: string) =>
  `kind: ${kind}\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        command: ${command}\n`;
const pm2 = (app: string) => ({ "ecosystem.config.js": `module.exports = { apps: [{ name: "a", ${app} }] };\n` });
const service = (more: string) => `services:\n  a:\n    image: a\n${more}    command: node a.js\n`;

type Files = Record<string, string>;

describe("guarded", () => {
  it.each<[string, Files]>([
    ["a here document with a CMD in it", { Dockerfile: `FROM node\nCMD ${list}\nRUN <<EOT\nCMD node a.js\nEOT\n` }],
    ["a comment in a command", { Dockerfile: `FROM node\nCMD node \\\n  # first \\\n  ${P} \\\n  a.js\n` }],
    [
      "ENV with a blank behind a backslash",
      {
        Dockerfile: 'FROM node\nENV NODE_OPTIONS=--import\\ flushguard/register\nCMD ["node","a.js"]\n',
      },
    ],
    [
      "env -S in an image",
      { Dockerfile: 'FROM node\nCMD ["env","-S","NODE_OPTIONS=--import=flushguard/register node a.js"]\n' },
    ],
    [
      "a list of files of variables",
      {
        "compose.yaml": service("    env_file:\n      - a.env\n      - b.env\n"),
        "a.env": "A=b\n",
        "b.env": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "a file of variables by its path",
      {
        "compose.yaml": service("    env_file:\n      - path: ./b.env\n        required: true\n"),
        "b.env": `NODE_OPTIONS=${P}\n`,
      },
    ],
    [
      "several anchors",
      {
        "compose.yaml": `x-a: &a\n  A: b\nx-b: &b\n  NODE_OPTIONS: ${P}\n${service("    environment:\n      <<: [*a, *b]\n")}`,
      },
    ],
    ["a rollout", { "d.yaml": workload("Rollout", list) }],
    ["an overlay", { ...bad, "k8s/overlays/prod/d.yaml": workload("Deployment", list) }],
    ["pm2 by npm", { ...good, ...pm2('script: "npm", args: "start"') }],
    ["pm2 by npm, a list", { ...good, ...pm2('script: "npm", args: ["run", "start"]') }],
    ["pm2 by npm, with a variable", { ...bad, ...pm2(`script: "npm", args: "start", env: { NODE_OPTIONS: "${P}" }`) }],
    ["pm2 by a line", pm2(`script: "node ${P} a.js"`)],
    ["pm2 by a shell's script", { ...pm2('script: "./s.sh"'), "s.sh": `#!/bin/sh\nexec node ${P} a.js\n` }],
    ["pm2 by npm, YAML", { ...good, "ecosystem.yml": "apps:\n  - script: npm\n    args: start\n" }],
    [
      "a file that loads one that loads it",
      {
        ...s({ start: "node --import=./o.mjs a.js" }),
        "o.mjs": 'import "./p.mjs";\n',
        "p.mjs": 'import "flushguard/register";\n',
      },
    ],
    ["DigitalOcean", { ".do/app.yaml": `services:\n- name: web\n  run_command: node ${P} a.js\n` }],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each<[string, Files]>([
    ["an image by a script that is not here", { ...good, Dockerfile: 'FROM node\nCMD ["./start.sh"]\n' }],
    ["an image by a shell with such a script", { ...good, Dockerfile: 'FROM node\nCMD ["/bin/sh","/start.sh"]\n' }],
    [
      "a here document with a script",
      {
        ...good,
        Dockerfile: `FROM node\nCOPY <<EOT /start.sh\nexec node ${P} a.js\nEOT\nCMD ["/bin/sh","/start.sh"]\n`,
      },
    ],
    [
      "npm start without such a script",
      {
        ...s({ dev: `node ${P} server.js` }),
        "server.js": "",
        Procfile: "web: npm start\n",
      },
    ],
    [
      "a file that compose includes",
      {
        "compose.yaml": `include:\n  - other.yaml\nservices:\n  a:\n    image: a\n    command: node ${P} a.js\n`,
        "other.yaml": "services:\n  b:\n    image: b\n    command: node b.js\n",
      },
    ],
    ["a rollout", { ...good, "d.yaml": workload("Rollout", '["node","a.js"]') }],
    ["Knative", { ...good, "d.yaml": workload("Service", '["node","a.js"]') }],
    [
      "a list of objects",
      {
        ...good,
        "d.yaml": `kind: List\nitems:\n- ${workload("Deployment", '["node","a.js"]').replaceAll("\n", "\n  ")}`,
      },
    ],
    ["a base of Kustomize", { ...good, "k8s/base/d.yaml": workload("Deployment", '["node","a.js"]') }],
    ["a chart", { ...good, "chart/templates/d.yaml": workload("Deployment", '["node","a.js"]') }],
    [
      "pm2 by npm, which does not hand Node's options on",
      {
        ...bad,
        ...pm2(`script: "npm", args: "start", node_args: "${P}"`),
      },
    ],
    ["pm2 in TypeScript", { ...good, "ecosystem.config.ts": 'export default { apps: [{ script: "a.js" }] };\n' }],
    ["DigitalOcean", { ...good, ".do/app.yaml": "services:\n- name: web\n  run_command: node a.js\n" }],
    ["variables behind the script", s({ start: "node a.js NODE_OPTIONS=--import=flushguard/register" })],
    [
      "a file that names it in a comment",
      {
        ...s({ start: "node --import ./x.mjs a.js" }),
        "x.mjs": '// import "flushguard/register";\n/* import "flushguard/register"; */\n',
      },
    ],
    [
      "files that load each other, and not it",
      {
        ...s({ start: "node --import ./x.mjs a.js" }),
        "x.mjs": 'import "./y.mjs";\n',
        "y.mjs": 'import "./x.mjs";\n',
      },
    ],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files));
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it.each<[string, string]>([
  ["serverless.ts", 'export default { functions: { a: { handler: "a.h" } } };\n'],
  ["serverless.yml", `functions:\n  - a: b\n  - \${file(more.yml)}\n`],
  ["template.json", '{ "Resources": { "A": { "Type": "AWS::Serverless::Function" } } }'],
  ["task-definition.json", '{ "containerDefinitions": [{ "command": ["node", "a.js"] }] }'],
  ["deployment.json", '{ "kind": "Deployment", "spec": { "containers": [] } }'],
  ["captain-definition", '{ "dockerfileLines": ["FROM node", "CMD node a.js"] }'],
  ["app.nomad.hcl", 'job "a" {}\n'],
  ["web.config", '<add name="iisnode" path="server.js" />\n'],
])("%s is in a form that is not read, and counts as without it", (file, content) => {
  const { places, preloaded } = startsIn(directoryWith({ ...good, [file]: content }));
  expect(places).toContainEqual({ place: file, unseen: true });
  expect(preloaded).toBe(false);
});
