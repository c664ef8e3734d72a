import { describe, expect, it } from "vitest";
import { validateRoles, validateTarget } from "../../dist/src/config/validate-target.js";

const good = { module: "client", flush: ["flush"] };
const noop = () => {};

/** The problem lines of a good target with these fields. */
function problemsWith(fields: object): string[] {
  const { target, problems } = validateTarget({ ...good, ...fields }, "t");
  expect(target).toBeUndefined();
  return problems;
}

const out = "this target is left out";

it.each<[object, string]>([
  [{ ends: { callback: -1 } }, "t.ends.callback: found -1, expected the position of an argument, 0 or more"],
  [{ ends: { callback: 0.5 } }, "t.ends.callback: found 0.5, expected the position of an argument, 0 or more"],
  [{ ends: { method: "" } }, 't.ends.method: found "", expected the name of a method'],
  [
    { ends: { method: "p", failed: 1 } },
    "t.ends.failed: found 1, expected the name of a property with an HTTP status, or a function",
  ],
  [{ ends: { method: "p", abortedBy: "x" } }, 't.ends.abortedBy: found "x", expected a list of method names'],
  [{ callsOut: { flush: "no" } }, 't.callsOut.flush: found "no", expected true or false'],
  [{ callsOut: { record: noop } }, "t.callsOut.record: found a function, expected true or false"],
])("so does a wrong field of a field: %j", (fields, line) => {
  expect(problemsWith(fields)).toEqual([`${line}; ${out}`]);
});

describe("a key without effect beside the others leaves the target out", () => {
  const swap = { record: ["count"], buffers: { bucket: "sum" } };
  const cases: [fields: object, line: string][] = [
    [{ batch: "swap" }, 't.batch: found "swap", expected buffers beside it'],
    [{ ...swap, batch: "hold" }, 't.batch: found "hold", expected "swap" beside buffers'],
    [{ ...swap, batch: "detached" }, 't.batch: found "detached", expected "swap" beside buffers'],
    [{ ...swap, batch: "on the stack" }, 't.batch: found "on the stack", expected "swap" beside buffers'],
    [{ view: true }, "t.view: found true, expected buffers beside it"],
    [{ ...swap, ends: { method: "post" } }, 't.ends.method: found "post", expected view beside it'],
    [
      { ...swap, view: true, ends: { failed: noop } },
      "t.ends.failed: found a function, expected ends.method beside it",
    ],
    [
      { ...swap, view: true, ends: { abortedBy: ["kill"] } },
      't.ends.abortedBy: found ["kill"], expected ends.method beside it',
    ],
    [
      { batch: "on the stack", ends: { callback: 0 } },
      't.ends.callback: found 0, expected a batch that is not "on the stack"',
    ],
    [{ callsOut: { record: true } }, "t.callsOut.record: found true, expected a record beside it"],
    [
      { record: ["count"], batch: "detached", callsOut: { record: true } },
      't.callsOut.record: found true, expected "hold" or "on the stack" as batch',
    ],
    [{ final: true }, "t.final: found true, expected a record or a send beside it"],
    [{ returns: "this" }, 't.returns: found "this", expected a record beside it'],
    [
      { record: ["count"], batch: "detached", returns: "this" },
      't.returns: found "this", expected a batch that is not "detached"',
    ],
    [
      { ...swap, view: true, record: ["count"], returns: "this" },
      't.returns: found "this", expected no view beside it',
    ],
    [
      { batch: "on the stack", callersPromise: true },
      't.callersPromise: found true, expected a batch that is not "on the stack"',
    ],
    [{ flush: [], send: ["post"], callersPromise: true }, "t.callersPromise: found true, expected a flush beside it"],
    [
      { flush: [], send: ["post"], beforeClose() {} },
      "t.beforeClose: found a function, expected a flush or a close beside it",
    ],
    [{ drains: true }, "t.drains: found true, expected a flush, a send and a close beside it"],
    [{ drains: true, close: ["stop"] }, "t.drains: found true, expected a flush, a send and a close beside it"],
    [{ drains: true, send: ["post"] }, "t.drains: found true, expected a flush, a send and a close beside it"],
    [
      { flush: [], send: ["post"], callsOut: { flush: false } },
      "t.callsOut.flush: found false, expected a flush beside it",
    ],
    [{ flush: [], send: ["post"], ends: { callback: 0 } }, 't.ends: found {"callback":0}, expected a flush beside it'],
    [{ ...swap, flush: [], send: ["post"] }, 't.buffers: found {"bucket":"sum"}, expected a flush beside it'],
    [{ part: "queue" }, 't.part: found "queue", expected factory beside it'],
    [{ export: "Client", factory: "make" }, 't.export: found "Client", expected either it or factory'],
    [{ unaffected: "<1" }, 't.unaffected: found "<1", expected versions beside it'],
    [
      { versions: ">=1 <3", unaffected: ">=2.5" },
      't.unaffected: found ">=2.5", expected none of the versions ">=1 <3"',
    ],
    [{ versions: "^1", unaffected: "*" }, 't.unaffected: found "*", expected none of the versions "^1"'],
    [
      { versions: ">=1 <3", fixedIn: "0.5.0" },
      't.fixedIn: found "0.5.0", expected one after the lowest of the versions ">=1 <3"',
    ],
    [
      { versions: "^2", fixedIn: "2.0.0" },
      't.fixedIn: found "2.0.0", expected one after the lowest of the versions "^2"',
    ],
    [
      { ...swap, view: true, ends: { method: "post", abortedBy: ["flush"] } },
      't.ends.abortedBy: found "flush", expected one role for each method: it is in flush too',
    ],
    [
      { ...swap, view: true, ends: { method: "flush" } },
      't.ends.method: found "flush", expected a method that a flush calls: it is in flush itself',
    ],
  ];
  it.each(cases)("%j", (fields, line) => {
    expect(problemsWith(fields)).toEqual([`${line}; ${out}`]);
  });
});

it.each([
  { batch: "swap", buffers: { bucket: "sum" }, view: true, ends: { method: "post", abortedBy: ["kill"] } },
  { batch: "hold", record: ["count"], returns: "this", callsOut: { record: true, flush: false } },
  { batch: "swap", buffers: { bucket: "sum" }, record: ["count"], returns: "nothing" },
  { batch: "on the stack", record: ["count"], returns: "nothing", callsOut: { record: true } },
  { batch: "detached", record: ["log"], final: "client.flush", callersPromise: true },
  { batch: "detached", ends: { callback: 0 }, send: ["post"], close: ["stop"], drains: true },
  { buffers: { bucket: "sum" }, owner: "holder" },
  { versions: "^2.1.0", unaffected: "<2.1.0 || >=3", fixedIn: "2.1.1" },
  { view: false, drains: false, factory: "Client", part: "queue", versions: "^2", unaffected: "^1", fixedIn: "3.0.0" },
])("keys that fit: %j", (fields) => {
  expect(validateTarget({ ...good, ...fields }, "t")).toEqual({ target: { ...good, ...fields }, problems: [] });
});

describe("a wrong field leaves the target out", () => {
  const cases: [field: string, value: unknown, found: string, expected: string][] = [
    ["module", 7, "7", "a package name"],
    ["module", "", '""', "a package name"],
    ["module", "client/lib/x.js", '"client/lib/x.js"', "a package name"],
    ["module", "./client", '"./client"', "a package name"],
    ["module", "@scope", '"@scope"', "a package name"],
    ["module", "node:http", '"node:http"', "a package name"],
    ["versions", 3, "3", "a semver range with a version in it"],
    ["versions", ">5 <3", '">5 <3"', "a semver range with a version in it"],
    ["versions", " ", '" "', "a semver range with a version in it"],
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
    ["flush", Object.assign([], { 1: "flush" }), '[null,"flush"]', "a list of method names"],
    ["send", {}, "{}", "a list of method names"],
    ["close", ["constructor"], '["constructor"]', "a list of method names"],
    ["owner", ".holder", '".holder"', "a property path"],
    ["owner", "__proto__.x", '"__proto__.x"', "a property path"],
    ["part", "a..b", '"a..b"', "a property path"],
    ["batch", "held", '"held"', '"swap", "hold", "detached" or "on the stack"'],
    ["batch", ["hold"], '["hold"]', '"swap", "hold", "detached" or "on the stack"'],
    ["view", 1, "1", "true or false"],
    ["drains", "yes", '"yes"', "true or false"],
    ["beforeClose", "flush", '"flush"', "a function"],
    ["final", 1, "1", "true, false or the name of a method"],
    ["final", "a..b", '"a..b"', "true, false or the name of a method"],
    ["returns", "promise", '"promise"', '"nothing" or "this"'],
    ["prepare", "prepare", '"prepare"', "a function"],
    ["adapt", true, "true", "a function"],
    ["ends", "post", '"post"', 'an object with "callback", "method", "failed" or "abortedBy"'],
    ["ends", {}, "{}", 'an object with "callback", "method", "failed" or "abortedBy"'],
    ["callsOut", false, "false", 'an object with "flush" or "record"'],
    ["callsOut", [], "[]", 'an object with "flush" or "record"'],
    ["buffers", ["a"], '["a"]', 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", {}, "{}", 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", { " ": "sum" }, '{" ":"sum"}', 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", { a: "add" }, '{"a":"add"}', 'an object that gives each field "sum", "last" or "append"'],
    ["buffers", { a: { fresh: noop } }, '{"a":{}}', 'an object that gives each field "sum", "last" or "append"'],
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

it("needs neither of a class that records into a buffer elsewhere", () => {
  expect(validateTarget({ module: "client", record: ["count"], owner: "store" }, "t").problems).toEqual([]);
  expect(problemsWith({ flush: undefined, owner: "store" })).toEqual([
    `t.flush: found no method here or in send, expected at least one; ${out}`,
  ]);
});

it("gives a method one role", () => {
  expect(problemsWith({ record: ["count", "flush"] })).toEqual([
    `t.flush: found "flush", expected one role for each method: it is in record too; ${out}`,
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

it("ignores unknown keys of a field too", () => {
  const { target, problems } = validateTarget({ ...good, ends: { callback: 0, abort: ["kill"] } }, "t");
  expect(target).toStrictEqual({ ...good, ends: { callback: 0 } });
  expect(problems).toEqual([
    't.ends.abort: found an unknown key, expected a key of ends (did you mean "abortedBy"?); it is ignored',
  ]);
});

it("takes no place of a package where the class is at hand", () => {
  expect(validateRoles({ flush: ["flush"], batch: "hold" }, "guard()").problems).toEqual([]);
  expect(validateRoles({ flush: ["flush"], factory: "make" }, "guard()").problems).toEqual([
    "guard().factory: found an unknown key, expected a key of Roles; it is ignored",
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
    view: true,
    ends: { method: "post", failed: noop, abortedBy: ["abort"] },
    callsOut: { flush: noop },
    prepare: noop,
    adapt: noop,
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
    record: ["b"],
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
