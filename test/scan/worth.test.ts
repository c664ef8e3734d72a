import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { listScripts } from "../../dist/src/scan/folders.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
/** One of so many files. */
const SAMPLE = 60;

const findings = (text: string): number => {
  try {
    return analyse(text).findings.length;
  } catch {
    return 0; // It is broken on purpose.
  }
};

it("what is not parsed has nothing to be found", () => {
  const texts = listScripts([MODULES], () => {})
    .files.filter((_, index) => index % SAMPLE === 0)
    .map((file) => readFileSync(file, "utf8"));
  const left = texts.filter((text) => !isWorthParsing(text));
  expect(left.length).toBeGreaterThan(200);
  expect(left.filter((text) => findings(text) > 0)).toEqual([]);
}, 120_000);

it("what has nothing but a flush that loses is parsed", () => {
  const text = "class A { add(x) { this.q.push(x); } async flush() { await post(this.q); this.q = []; } }";
  expect(findings(text)).toBe(1);
  expect(isWorthParsing(text)).toBe(true);
});

it.each([
  [
    "by another name",
    "const { a } = b; class A { add(x) { const q = this.batch; q.push(x); } take() { this.batch = []; return later(() => {}); } }",
  ],
  [
    "by another file",
    "class A { constructor() { this.q = []; } async flush() { const q = this.q; this.q = []; await post(q); } }",
  ],
])("what is filled %s is parsed", (_, text) => {
  expect(isWorthParsing(text)).toBe(true);
});

it("a field that is made and emptied is not parsed where no file of the package fills it", () => {
  const text =
    "class A { constructor() { this.q = []; } async flush() { const q = this.q; this.q = []; await post(q); } }";
  expect(isWorthParsing(text, (field) => field === "q")).toBe(true);
  expect(isWorthParsing(text, () => false)).toBe(false);
});

it.each([
  ["that is only made", "const list = []; list.push(1); export default async () => list;"],
  ["whose turns are counted", "for (i = 0; i < 9; i++) await post(i);"],
])("a list %s is not parsed", (_, text) => {
  expect(isWorthParsing(text)).toBe(false);
});

it("a long table is looked through once, not from each of its entries", () => {
  const before = process.cpuUsage();
  expect(isWorthParsing(`export default [${"12345, ".repeat(50_000)}0];`)).toBe(false);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(5);
}, 300_000);

it.each([
  "queue.map(x => x)",
  "each(queue, (x, y) => x)",
  "each(\n  queue,\n  async (x) => x)",
  "each(queue, function (x) { return x; })",
])("what is called back by %s lets in", (call) => {
  expect(isWorthParsing(`let queue = []; const add = 0; add.q(queue.push(1)); ${call}; queue = [];`)).toBe(true);
});
