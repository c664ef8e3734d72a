import { describe, expect, it } from "vitest";
import { validateTarget } from "../../dist/src/config/validate-target.js";

const good = { module: "client", flush: ["flush"] };
const noop = () => {};

/** The problem lines of a good target with these fields. */
function problemsWith(fields: object): string[] {
  const { target, problems } = validateTarget({ ...good, ...fields }, "t");
  expect(target).toBeUndefined();
  return problems;
}

const out = "this target is left out";

describe("a wrong field leaves the target out", () => {
  const cases: [field: string, value: unknown, found: string, expected: string][] = [
    ["module", 7, "7", "a package name"],
    ["module", "", '""', "a package name"],
    ["module", "client/lib/x.js", '"client/lib/x.js"', "a package name"],
    ["module", "./client", '"./client"', "a package name"],
    ["module", "@scope", '"@scope"', "a package name"],
    ["module", "node:http", '"node:http"', "a package name"],
    ["versions", 3, "3", "a semver range"],
    ["versions", " ", '" "', "a semver range"],
    ["fixedIn", null, "null", "a version"],
    ["file", "", '""', "a path inside the package"],
    ["file", "/etc/x.js", '"/etc/x.js"', "a path inside the package"],
    ["file", "../x.js", '"../x.js"', "a path inside the package"],
    ["file", ["x.js"], '["x.js"]', "a path inside the package"],
    ["export", "a..b", '"a..b"', "the name of an export"],
    ["export", true, "true", "the name of an export"],
    ["factory", "A#b#c", '"A#b#c"', "the name of a function or Class#method"],
    ["factory", "A#", '"A#"', "the name of a function or Class#method"],
    ["record", "count", '"count"', "a list of method names"],
    ["flush", ["flush", 7], '["flush",7]', "a list of method names"],
    ["flush", [""], '[""]', "a list of method names"],
    ["send", {}, "{}", "a list of method names"],
    ["close", ["constructor"], '["constructor"]', "a list of method names"],
    ["owner", ".holder", '".holder"', "a property path"],
    ["owner", "__proto__.x", '"__proto__.x"', "a property path"],
    ["part", "a..b", '"a..b"', "a property path"],
    ["flushBeforeClose", "yes", '"yes"', "true or false"],
    ["recordsCallOut", "yes", '"yes"', "true or false"],
    ["detaches", "yes", '"yes"', "true or false"],
    ["callbackAt", -1, "-1", "the position of an argument, 0 or more"],
    ["synchronous", 1, "1", "true or false"],
    ["prepare", "prepare", '"prepare"', "a function"],
    ["onFailure", "retry", '"retry"', '"leave" or "merge back"'],
    ["onFailure", "merge back", '"merge back"', "buffers to merge it into"],
    ["buffers", ["a"], '["a"]', 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", {}, "{}", 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", { a: "add" }, '{"a":"add"}', 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", { a: { fresh: noop } }, '{"a":{}}', 'an object that gives each field "sum", "last" or "append"'],
    ["transport", "post", '"post"', "an object with the name of a method"],
    ["transport", { method: "p", failed: 1 }, '{"method":"p","failed":1}', "an object with the name of a method"],
    [
      "transport",
      { method: "p", abortedBy: "x" },
      '{"method":"p","abortedBy":"x"}',
      "an object with the name of a method",
    ],
  ];
  it.each(cases)("%s: %j", (field, value, found, expected) => {
    expect(problemsWith({ [field]: value })).toEqual([`t.${field}: found ${found}, expected ${expected}; ${out}`]);
  });

  it.each([null, 7, "text", [], undefined])("the target itself: %j", (value) => {
    const found = value === undefined ? "nothing" : JSON.stringify(value);
    expect(validateTarget(value, "t")).toEqual({ problems: [`t: found ${found}, expected an object; ${out}`] });
  });
});

it("names every wrong field at once", () => {
  expect(problemsWith({ module: 1, flush: 2, record: 3 })).toEqual([
    `t.module: found 1, expected a package name; ${out}`,
    `t.flush: found 2, expected a list of method names; ${out}`,
    `t.record: found 3, expected a list of method names; ${out}`,
  ]);
});

it("needs a module", () => {
  expect(problemsWith({ module: undefined })).toEqual([`t.module: found nothing, expected a package name; ${out}`]);
});

it.each([{ flush: undefined }, { flush: [], send: [] }, { flush: [] }])("needs a flush or a send: %j", (fields) => {
  expect(problemsWith({ ...fields, record: ["count"] })).toEqual([
    `t.flush: found no method here or in send, expected at least one; ${out}`,
  ]);
  expect(validateTarget({ module: "client", send: ["send"] }, "t").problems).toEqual([]);
});

it("gives a method one role", () => {
  expect(problemsWith({ record: ["count", "flush"] })).toEqual([
    `t.flush: found "flush", which is in record too, expected one role for each method; ${out}`,
  ]);
});

it("ignores unknown keys, and says what may have been meant", () => {
  const { target, problems } = validateTarget({ ...good, recrod: ["count"], zzz: 1, hasOwnProperty: 1 }, "t");
  expect(target).toStrictEqual(good);
  expect(problems).toEqual([
    't.recrod: found an unknown key, expected a key of a target (did you mean "record"?); it is ignored',
    "t.zzz: found an unknown key, expected a key of a target; it is ignored",
    "t.hasOwnProperty: found an unknown key, expected a key of a target; it is ignored",
  ]);
});

it("shortens what it shows", () => {
  const [line] = problemsWith({ owner: { long: "x".repeat(1000) } });
  expect(line).toBe(`t.owner: found {"long":"${"x".repeat(48)}..., expected a property path; ${out}`);
});

it("shows what JSON cannot", () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  expect(problemsWith({ owner: noop })).toEqual([`t.owner: found a function, expected a property path; ${out}`]);
  expect(problemsWith({ owner: 7n })).toEqual([
    `t.owner: found a value of type bigint, expected a property path; ${out}`,
  ]);
  expect(problemsWith({ owner: circular })).toEqual([
    `t.owner: found a value of type object, expected a property path; ${out}`,
  ]);
});

it("takes functions from code", () => {
  const declared = {
    ...good,
    buffers: { bucket: { fresh: noop, merge: noop }, total: "sum" },
    transport: { method: "post", failed: noop, abortedBy: ["abort"] },
    onFailure: "merge back",
    prepare: noop,
    versions: undefined,
  };
  const { target, problems } = validateTarget(declared, "t");
  const { versions: _absent, ...kept } = declared;
  expect(problems).toEqual([]);
  expect(target).toStrictEqual(kept);
});

it("keeps a frozen copy in one form", () => {
  const declared = {
    module: "client",
    flush: ["a", "a"],
    file: "./lib/x.js",
    buffers: JSON.parse('{"__proto__":"sum"}'),
  };
  const { target } = validateTarget(declared, "t");
  declared.flush.push("b");
  expect(target).toMatchObject({ flush: ["a"], file: "lib/x.js" });
  expect(Object.keys(target?.buffers ?? {})).toEqual(["__proto__"]);
  expect(Object.isFrozen(target)).toBe(true);
});
