import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { directoryWith } from "../config/helpers.js";
import { cli as run } from "./cli.js";

/** A client that returns at once while it is sending. */
const CLIENT = `export class Client {
  queue = [];
  busy = false;
  constructor(url) { this.url = url; }
  record(value) { this.queue.push(value); }
  async flush() {
    if (this.busy) return;
    this.busy = true;
    const sent = this.queue.splice(0);
    await (await fetch(this.url, { method: "POST", body: JSON.stringify(sent) })).text();
    this.busy = false;
  }
}
`;
const SCENARIO = `import { setTimeout as wait } from "node:timers/promises";
import { Client } from "some-client";
export default async ({ httpSink, Ledger }) => {
  const server = await httpSink({ latencyMs: 100 });
  const values = new Ledger(() => server.delivered, ({ body }) => JSON.parse(body));
  const client = new Client(server.url);
  while (values.size < 5) client.record(values.add("value-" + values.size));
  void client.flush();
  while (server.requests.length === 0) await wait(1);
  await client.flush();
  return values.count();
};
`;
const target = { module: "some-client", export: "Client", record: ["record"], flush: ["flush"], batch: "detached" };
const cwd = directoryWith({
  "flushguard.config.json": JSON.stringify({ targets: [target] }),
  "node_modules/some-client/package.json": JSON.stringify({ name: "some-client", version: "1.0.0", type: "module" }),
  "node_modules/some-client/index.js": CLIENT,
  "scenario.mjs": SCENARIO,
  "waits.mjs": SCENARIO.replace("void client", "await client"),
  "misread.mjs": SCENARIO.replace("JSON.parse(body)", "JSON.parse(body).events.map(String)"),
  "empty.mjs": "export const name = 1;",
  "number.mjs": "export default async () => 4;",
});
const verify = (...args: string[]) => run(["verify", "--scenario", ...args], cwd);

it("loses without the guard what arrives with it", () => {
  const { status, stdout } = verify("scenario.mjs");
  expect(stdout).toMatch(/scenario\.mjs +scenario +5 +0 +5 +✓/);
  expect(status).toBe(0);
});

it("shows what the scenario cannot read of what has arrived", () => {
  const { status, stdout } = verify("misread.mjs");
  expect(stdout).toContain('guarded: Error: idsIn cannot read ["value-0","value-1","value-2","value-3","value-4"]: ');
  expect(status).toBe(1);
});

it("is told as JSON, by the name of the file", () => {
  const { targets } = JSON.parse(verify("scenario.mjs", "--json").stdout);
  const lost = { recorded: 5, delivered: 0, distinct: 0 };
  const whole = { recorded: 5, delivered: 5, distinct: 5 };
  expect(targets).toEqual([
    {
      module: "scenario.mjs",
      status: "measured",
      scenarios: [{ scenario: "scenario", unguarded: lost, guarded: whole, lossless: true }],
    },
  ]);
});

it("proves nothing where nothing is lost", () => {
  const { status, stdout } = verify("waits.mjs");
  expect(stdout).toContain("Everything arrives without the guard as well: this scenario proves nothing.\n");
  expect(status).toBe(1);
});

it("says what the guard says of the target", () => {
  writeFileSync(join(cwd, "misspelt.json"), JSON.stringify({ targets: [{ ...target, recrod: ["record"] }] }));
  const { status, stderr } = run(["verify", "--scenario", "scenario.mjs"], cwd, { FLUSHGUARD_CONFIG: "misspelt.json" });
  expect(stderr.split("\n")).toEqual([
    expect.stringContaining("found a file of targets beside FLUSHGUARD_CONFIG"),
    expect.stringContaining(
      'targets[0].recrod: found an unknown key, expected a key of a target (did you mean "record"?)',
    ),
    "",
  ]);
  expect(status).toBe(0);
});

it.each([
  ["empty.mjs", "empty.mjs exports no function by default, expected the scenario"],
  ["number.mjs", "the scenario of number.mjs gave 4, expected what count() of a Ledger gives"],
])("%s: says what is wrong with it", (file, line) => {
  const { status, stdout } = verify(file);
  expect(stdout).toContain(`guarded: TypeError: ${line}\n`);
  expect(status).toBe(1);
});

it("says what a scenario throws, whatever it is", () => {
  for (const [thrown, words] of [
    ["null", "null"],
    ["Object.freeze(new RangeError('frozen'))", "RangeError: frozen (throws.mjs:1)"],
    ["Object.create(null)", "a value of type object that has no words"],
    ["{ toString() { throw this; } }", "a value of type object that has no words"],
  ]) {
    writeFileSync(join(cwd, "throws.mjs"), `export default () => { throw ${thrown}; };`);
    const { status, stdout } = verify("throws.mjs");
    expect(stdout).toContain(`    unguarded: ${words}\n    guarded: ${words}\n`);
    expect(status).toBe(1);
  }
});

it.each([
  ["export default () => {\n  null.property;\n};", /TypeError: .* \(place\.mjs:2\)\n/],
  ["export default () => {\n  not a line\n};", /SyntaxError: .* \(node --check place\.mjs tells where\)\n/],
])("says where a scenario fails: %s", (source, words) => {
  writeFileSync(join(cwd, "place.mjs"), source);
  const { status, stdout } = verify("place.mjs");
  expect(stdout).toMatch(words);
  expect(status).toBe(1);
});

it.each([
  [["nowhere.mjs"], 'found no file "nowhere.mjs", expected a module with a scenario'],
  [["node_modules"], 'found no file "node_modules", expected a module with a scenario'],
  [["scenario.mjs", "hot-shots"], "expected targets or --scenario, not both"],
])("%j: one line, exit code 2", (args, line) => {
  expect(verify(...args)).toEqual({
    status: 2,
    stdout: "",
    stderr: `flushguard: ${line} (see flushguard verify --help)\n`,
  });
});
