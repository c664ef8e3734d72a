import { describe, expect, it } from "vitest";
import { editsFor, fixedSource, isFixed } from "../../dist/src/export-patch/fix-source.js";
import type { ClassFix, Edit } from "../../dist/src/export-patch/source-fix.js";

const SOURCE = `\
'use strict'
// Two spaces, no semicolons, and what no formatter would leave.
class  Metrics  {
  sent = 0
  count (name) { this.bucket [name] = (this.bucket[name]|| 0)+1 }

  /** Sends the bucket. */
  async flush() {
    if ( this.busy ) return
    this.busy = true
    try {
      // The body.
      await this.send( "a",
        this.bucket)
    } finally {
      this.busy = false // for the next one
    }
    this.bucket = {}
  }
}
module.exports = Metrics`;

const fixes = (...edits: Edit[]): ClassFix[] => [{ file: "index.js", class: "Metrics", edits }];
const fixed = (...edits: Edit[]) => fixedSource(SOURCE, fixes(...edits));
/** The lines that are there no more, and those that are new. */
function changed(text: string): { gone: string[]; come: string[] } {
  const [before, after] = [SOURCE.split("\n"), text.split("\n")];
  return {
    gone: before.filter((line) => !after.includes(line)),
    come: after.filter((line) => !before.includes(line)),
  };
}

describe("a rewrite", () => {
  it("finds statements whatever their spacing, quotes and comments, and leaves all else byte for byte", () => {
    const text = fixed({ in: "flush", find: "await this.send('a', this.bucket);", put: "await this.send(bucket)" });
    expect(changed(text)).toEqual({
      gone: ['      await this.send( "a",', "        this.bucket)"],
      come: ["      await this.send(bucket)"],
    });
  });

  it("keeps what $name and { $name } stand for, so that other edits reach into it", () => {
    const text = fixed(
      { in: "flush", find: "try { $body } finally { this.busy = false; }", put: "try {$body}\ncatch (e) { throw e }" },
      { in: "flush", find: "this.send($to, this.bucket)", put: "this.send($to, bucket)" },
    );
    expect(changed(text)).toEqual({
      gone: [
        '      await this.send( "a",',
        "        this.bucket)",
        "    } finally {",
        "      this.busy = false // for the next one",
      ],
      come: ['      await this.send("a", bucket)', "    catch (e) { throw e }"],
    });
  });

  it("takes out whole lines", () => {
    const text = fixed({ in: "flush", find: "this.bucket = {};", put: "" });
    expect(text).toBe(SOURCE.replace("    this.bucket = {}\n", ""));
  });

  it.each([
    ["nothing", "this.bucket = [];", "Metrics#flush with `this.bucket = [];`"],
    ["two things", "this.busy", "Metrics#flush with `this.busy`"],
    ["one of another method", "this.bucket[name]", "Metrics#flush with `this.bucket[name]`"],
  ])("that finds %s is a misfit", (_, find, message) => {
    expect(() => fixed({ in: "flush", find, put: "x" })).toThrow(message);
  });
});

it("joins the calls of a method, and indents as the class does", () => {
  const edit = { join: "flush", worker: "send", fields: ["current", "next"] } as const;
  const text = fixed(edit);
  expect(isFixed(SOURCE, fixes(edit)[0] as ClassFix)).toBe(false);
  expect(isFixed(text, fixes(edit)[0] as ClassFix)).toBe(true);
  expect(changed(text)).toMatchObject({ gone: ["  async flush() {"] });
  expect(text).toContain("  sent = 0\n  current;\n  next;\n");
  expect(text).toContain("  /** Sends the bucket. */\n  flush() {\n");
  expect(text).toContain("  }\n  async send() {\n    if ( this.busy ) return\n");
});

it("adds a method behind another one", () => {
  const text = fixed({ after: "count", add: "reset() {\n}" });
  expect(text).toContain("|| 0)+1 }\n  reset() {\n  }\n\n  /** Sends the bucket. */");
  expect(changed(text)).toEqual({ gone: [], come: ["  reset() {"] });
});

it.each([
  ["class Other", [{ file: "", class: "Other", edits: [] }]],
  ["Metrics#stop", fixes({ after: "stop", add: "x() {}" })],
  ["Metrics#count without parameters", fixes({ join: "count", worker: "x", fields: ["a", "b"] })],
])("misses %s", (message, classes) => {
  expect(() => fixedSource(SOURCE, classes)).toThrow(message);
});

it("concerns the versions that it names", () => {
  const edits = [
    { in: "flush", find: "a", put: "b", versions: "<2" },
    { after: "count", add: "x() {}" },
  ];
  const classes = [
    { file: "index.js", class: "Metrics", edits },
    { file: "index.js", class: "Later", versions: ">=2", edits },
  ];
  expect(editsFor(classes, "1.9.0")).toEqual([{ ...classes[0] }]);
  expect(editsFor(classes, "2.0.0").map(({ class: name, edits: some }) => [name, some.length])).toEqual([
    ["Metrics", 1],
    ["Later", 1],
  ]);
});
