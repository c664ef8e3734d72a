import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// The preload is there, and FLUSHGUARD may be set by another file than the one that starts Node.

type Files = Record<string, string>;

const P = "--import flushguard/register";
const LIST = '["node", "--import", "flushguard/register", "a.js"]';
const pod = (lines = "", command = LIST): Files => ({
  "k8s/pod.yaml": `kind: Pod\nspec:\n  containers:\n    - name: a\n      image: a\n      command: ${command}\n${lines}`,
});
const FROM_MAP = "      envFrom:\n        - configMapRef:\n            name: m\n";
const map = (metadata: string, data: string): Files => ({
  "k8s/map.yaml": `kind: ConfigMap\nmetadata: ${metadata}\ndata: ${data}\n`,
});
const kustomization = (lines: string): Files => ({ "k8s/kustomization.yaml": `resources: [pod.yaml]\n${lines}\n` });
const values = (lines: string): Files => ({ "chart/values.yaml": `web:\n  env:\n${lines}\n` });
const compose = (line: string): Files => ({
  "compose.yaml": `services:\n  web:\n    image: a\n    command: node ${P} a.js\n    environment:\n      ${line}\n`,
});
const heroku = (env: object): Files => ({ Procfile: `web: node ${P} a.js\n`, "app.json": JSON.stringify({ env }) });

const script = (command: string, env: Files = {}): Files => ({
  "package.json": JSON.stringify({ scripts: { start: command } }),
  ...env,
});
const shell = (lines: string, env: Files = {}): Files => ({
  ...script("./run.sh"),
  "run.sh": `#!/bin/sh\n${lines}\nexec node ${P} a.js\n`,
  ...env,
});
const pm2 = (before: string, app = ""): Files => ({
  "ecosystem.config.js": `${before}\nmodule.exports = { apps: [{ script: "a.js", node_args: "${P}"${app} }] };\n`,
});
const OFF = { ".env": "FLUSHGUARD=off\n" };
const ON = { ".env": "FLUSHGUARD=on\n" };

describe("guarded", () => {
  it.each<[string, Files]>([
    [
      "a map with its name in braces",
      { ...pod(FROM_MAP, '["node", "a.js"]'), ...map("{ namespace: n, name: m }", `{ NODE_OPTIONS: ${P} }`) },
    ],
    ["the same that sets it to be on", { ...pod(FROM_MAP), ...map("{ name: m }", '{ FLUSHGUARD: "on" }') }],
    [
      "a kustomization that changes no container",
      { ...pod(), ...kustomization("images:\n  - name: a\n    newTag: b") },
    ],
    ["a chart's values that set others", { ...pod(), ...values("    FLUSHGUARD_METRICS: otel") }],
    ["the same that set it to be on", { ...pod(), ...values('    FLUSHGUARD: "on"') }],
    ["what compose hands on, with a value", { ...compose("- FLUSHGUARD"), ".env": "FLUSHGUARD=on\n" }],
    ["Heroku's variables that set others", heroku({ A: "off" })],
    [
      "an app of pm2's that sets it over the file's",
      pm2('const env = { FLUSHGUARD: "off" };', ', env: { FLUSHGUARD: "on" }'),
    ],
    ["a file of pm2's that speaks of it", pm2("// FLUSHGUARD=off switches it off")],
    ["a file of pm2's that reads others", { ...pm2('require("dotenv").config();'), ".env": "A=b\n" }],
    ["dotenv that sets it to be on", script(`node -r dotenv/config ${P} a.js`, ON)],
    ["dotenv after the preload", script("node -r flushguard/register -r dotenv/config a.js", OFF)],
    ["dotenv where it is set", script(`FLUSHGUARD=on node -r dotenv/config ${P} a.js`, OFF)],
    ["a shell that sets others from a file", shell("export $(grep -v '^#' .env | xargs)", { ".env": "A=b\n" })],
    [
      "options from a file",
      script("export $(cat .env | xargs) && node a.js", { ".env": "NODE_OPTIONS=--import=flushguard/register\n" }),
    ],
    ["a variable that a command prints", shell("export NOW=$(date)")],
    ["a condition over two lines of a script that goes on", shell("test -f a &&\n  echo a")],
  ])("%s", (_, files) => {
    expect(startsIn(directoryWith(files))).toMatchObject({ preloaded: true });
  });
});

describe("not guarded, or it cannot be told", () => {
  it.each<[string, Files]>([
    ["a map with its name in braces", { ...pod(FROM_MAP), ...map("{ name: m }", '{ FLUSHGUARD: "off" }') }],
    [
      "a map whose labels have a name before it",
      { ...pod(FROM_MAP), ...map("\n  labels:\n    name: other\n  name: m", '\n  FLUSHGUARD: "off"') },
    ],
    [
      "a container's value of another variable",
      pod(
        '      env:\n        - name: A\n          value: "off"\n        - name: FLUSHGUARD\n          value: "$(A)"\n',
      ),
    ],
    ["a kustomization with patches", { ...pod(), ...kustomization("patches:\n  - path: p.yaml") }],
    [
      "one that makes a map",
      { ...pod(FROM_MAP), ...kustomization("configMapGenerator:\n  - name: m\n    literals: [FLUSHGUARD=off]") },
    ],
    ["a chart's values", { ...pod(), ...values('    FLUSHGUARD: "off"') }],
    ["a list of them", { ...pod(), ...values("    - name: FLUSHGUARD\n      value: observe") }],
    ["a chart's choice of clients", { ...pod(), ...values("    FLUSHGUARD_TARGETS: -hot-shots") }],
    ["what compose hands on", compose("- FLUSHGUARD")],
    ["the same from its file of variables", { ...compose("- FLUSHGUARD"), ".env": "FLUSHGUARD=off\n" }],
    ["the same in a mapping", { ...compose("FLUSHGUARD:"), ".env": "FLUSHGUARD=off\n" }],
    ["a variable that nothing here sets", compose(`FLUSHGUARD: \${MODE}`)],
    ["Heroku's variables", heroku({ FLUSHGUARD: "off" })],
    ["a name in a file of pm2's", pm2('const env = { FLUSHGUARD: "off" };', ", env")],
    ["what an app of pm2's is spread from", pm2('const all = { env: { FLUSHGUARD: "off" } };', ", ...all")],
    ["a value that a name in a file of pm2's stands for", pm2("", ", env: { FLUSHGUARD: mode }")],
    ["one that its process has", pm2("", ', env: { FLUSHGUARD: process.env.MODE ?? "on" }')],
    ["the variables of pm2's process", pm2('process.env.FLUSHGUARD = "off";')],
    ["what a file of pm2's reads", { ...pm2('require("dotenv").config();'), ...OFF }],
    ["dotenv", script(`node -r dotenv/config ${P} a.js`, OFF)],
    ["dotenv among options", script(`NODE_OPTIONS="-r dotenv/config ${P}" node a.js`, OFF)],
    [
      "dotenv and a file that it is told",
      script(`node -r dotenv/config ${P} a.js dotenv_config_path=b.env`, { "b.env": "FLUSHGUARD=off\n" }),
    ],
    ["a shell that sets it from a file", shell("export $(grep -v '^#' .env | xargs)", OFF)],
    ["the same in backticks", shell("export `cat .env`", OFF)],
    ["the same on one line", script(`export $(cat .env | xargs) && node ${P} a.js`, OFF)],
    ["a shell that runs what is in a file", shell('eval "$(cat .env)"', OFF)],
    ["what a shell's script is given", shell("export FLUSHGUARD=$1")],
    ["what a command prints", shell("export FLUSHGUARD=$(cat mode)")],
    ["a case of a shell's script", shell('case "$1" in\n  a) export FLUSHGUARD=off ;;\nesac')],
    ["what a script sets where it is not set", shell(`: "\${FLUSHGUARD:=off}"\nexport FLUSHGUARD`)],
    ["a variable that compose insists on", compose(`FLUSHGUARD: "\${MODE:?}"`)],
    [
      "a variable of Serverless",
      {
        "serverless.yml": `provider:\n  environment:\n    NODE_OPTIONS: ${P}\n    FLUSHGUARD: \${env:MODE, 'on'}\nfunctions:\n  a:\n    handler: a.b\n`,
      },
    ],
    ["a shell that runs what nothing here tells", shell('eval "$(./settings.py)"')],
    ["the same on one line", script(`eval "$(./settings.py)" && node ${P} a.js`)],
    [
      "a condition over two lines",
      { ...script("./run.sh"), "run.sh": `#!/bin/sh\n[ "$A" = b ] &&\n  export NODE_OPTIONS="${P}"\nexec node a.js\n` },
    ],
    [
      "the same the other way round",
      { ...script("./run.sh"), "run.sh": `#!/bin/sh\n[ -n "$A" ] ||\n  OPTIONS="${P}"\nexec node $OPTIONS a.js\n` },
    ],
    ["the same with a description", heroku({ FLUSHGUARD: { value: "off" } })],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files), undefined, () => ["hot-shots"]);
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});

it.each([
  `set NODE_OPTIONS=${P}&& node a.js`,
  `set NODE_OPTIONS=--inspect %NODE_OPTIONS% ${P} && node a.js`,
  "set NODE_OPTIONS=--import=flushguard/register && node a.js",
])("%s sets it on Windows only", (command) => {
  const { places, preloaded } = startsIn(directoryWith(script(command)));
  expect(preloaded).toBe(process.platform === "win32");
  expect(places[0]?.unseen).toBe(preloaded ? undefined : true);
});
