import { describe, expect, it } from "vitest";
import { startsIn } from "../../dist/src/cli/doctor/starts/app-starts.js";
import { directoryWith } from "../config/helpers.js";

// Forms of YAML that say the same: keys that are merged, aliases, keys in quotes.

const P = "--import flushguard/register";
const compose = (content: string) => ({ "compose.yaml": content });
const pod = (containers: string) => ({ "pod.yaml": `kind: Pod\nspec:\n${containers}\n` });
const LIST = '["node", "--import", "flushguard/register", "a.js"]';
const base = (lines: string) => `x-base: &base\n  image: a\n${lines}\nservices:\n  web:\n    <<: *base\n`;
const chained = (command: string) =>
  `x-a: &a\n  command: node a.js\nx-b: &b\n  <<: *a\n${command}\nservices:\n  web:\n    <<: *b\n`;
const two = (first: string, second: string) =>
  `x-a: &a\n  command: ${first}\nx-b: &b\n  command: ${second}\nservices:\n  web:\n    <<: [*a, *b]\n`;
const merged = (anchor: string, own: string) =>
  `x-env: &env\n  NODE_OPTIONS: "${anchor}"\nservices:\n  web:\n    command: node a.js\n    environment:\n      NODE_OPTIONS: "${own}"\n      <<: *env\n`;
const aliased = (command: string) =>
  `services:\n  web:\n    image: a\n    command: &run ${command}\n  work:\n    image: a\n    command: *run\n`;
const item = (name: string, value: string, command: string) =>
  pod(
    `  containers:\n    - name: a\n      command: ${command}\n      env:\n        - &set\n          name: ${name}\n          value: "${value}"\n    - name: b\n      command: ${command}\n      env:\n        - *set`,
  );
const sidecar = (command: string) =>
  pod(
    `  initContainers:\n    - name: b\n      restartPolicy: Always\n      command: ${command}\n  containers:\n    - name: a\n      command: ${LIST}`,
  );

describe("guarded", () => {
  it.each([
    [
      "a key of its own over one that is merged",
      compose(`${base("  command: node a.js")}    command: node ${P} a.js\n`),
    ],
    ["what is merged, where nothing else says so", compose(base(`  command: node ${P} a.js`))],
    ["an anchor that merges another and replaces its command", compose(chained(`  command: node ${P} a.js`))],
    ["the first of two that are merged", compose(two(`node ${P} a.js`, "node a.js"))],
    ["a variable of its own before what is merged", compose(merged("", P))],
    ["an alias of a command", compose(aliased(`node ${P} a.js`))],
    ["an alias of an item", item("NODE_OPTIONS", P, '["node", "a.js"]')],
    ["a container that goes on beside the others", sidecar(LIST)],
    [
      "keys in quotes",
      compose(`"services":\n  'web':\n    "command": node a.js\n    "environment":\n      "NODE_OPTIONS": ${P}\n`),
    ],
  ])("%s", (_, files) => {
    expect(startsIn(directoryWith(files))).toMatchObject({ preloaded: true });
  });
});

describe("not guarded", () => {
  it.each([
    [
      "a command of its own behind what is merged",
      compose(`${base(`  command: node ${P} a.js`)}    command: node a.js\n`),
    ],
    [
      "variables of its own behind what is merged",
      compose(`${base(`  command: node a.js\n  environment:\n    NODE_OPTIONS: ${P}`)}    environment:\n      A: b\n`),
    ],
    ["a list of its own", compose(`${base(`  command: ${LIST}`)}    command: ["node", "a.js"]\n`)],
    ["an anchor that merges another", compose(chained("  image: a"))],
    ["the first of two that are merged", compose(two("node a.js", `node ${P} a.js`))],
    ["a variable of its own before what is merged", compose(merged(P, ""))],
    ["an alias of a command", compose(aliased("node a.js"))],
    ["an item that switches it off by an alias", item("FLUSHGUARD", "off", LIST)],
    [
      "a container that is merged into an item",
      pod(
        `  containers:\n    - &a\n      name: a\n      command: ${LIST}\n    - <<: *a\n      command: ["node", "b.js"]`,
      ),
    ],
    ["a container that goes on beside the others", sidecar('["node", "b.js"]')],
    [
      "keys in quotes",
      {
        ...pod(`  "containers":\n    - "name": a\n      "command": ["node", "a.js"]`),
        "package.json": JSON.stringify({ scripts: { start: `node ${P} a.js` } }),
      },
    ],
  ])("%s", (_, files) => {
    expect(startsIn(directoryWith(files))).toMatchObject({ preloaded: false });
  });
});

it("a template of compose's is none of its services", () => {
  const directory = directoryWith(compose(`${base("  command: node a.js")}    command: node ${P} a.js\n`));
  expect(startsIn(directory).places).toEqual([{ place: "compose.yaml:7", preload: "flushguard/register" }]);
});
