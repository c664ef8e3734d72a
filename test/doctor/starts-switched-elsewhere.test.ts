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
    ["the same with a description", heroku({ FLUSHGUARD: { value: "off" } })],
  ])("%s", (_, files) => {
    const { places, preloaded } = startsIn(directoryWith(files), undefined, () => ["hot-shots"]);
    expect({ places, preloaded }).toMatchObject({ preloaded: false });
  });
});
