import { runInThisContext, Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { synchronousHooksWork } from "../../dist/src/hooks/es-modules.js";
import { withFooter } from "../../dist/src/hooks/footer.js";
import { ownExports } from "../../dist/src/hooks/own-exports.js";
import { packageFileOf } from "../../dist/src/packages/package-file.js";

const url = "file:///app/node_modules/hook-esm/index.js";
const modules = new Map([
  ["hook-esm", { name: "hook-esm", esm: true, replaceable: ["create", "delete", "await", "a-b"] }],
  ["hook-large", { name: "hook-large", esm: true, esmFiles: /^esm\/metrics\// }],
]);
const text = 'export const greeting = "grüß → 𝒢";\n// no newline at the end';
const result = (source: unknown, format = "module") => ({ format, source, shortCircuit: true });

const decode = (source: unknown) =>
  typeof source === "string" ? source : new TextDecoder("utf-8", { fatal: true }).decode(source as Uint8Array);

describe("withFooter", () => {
  const bytes = new TextEncoder().encode(text);
  const larger = new TextEncoder().encode(`before${text}after`);
  test.for([
    ["a string", text],
    ["a Buffer", Buffer.from(text)],
    ["a Uint8Array", bytes],
    ["a view of a larger buffer", larger.subarray(6, larger.length - 5)],
    ["an ArrayBuffer", bytes.buffer],
  ] as const)("appends to %s", ([, source]) => {
    const { source: changed, ...rest } = withFooter(result(source), url, modules);
    expect(rest).toEqual({ format: "module", shortCircuit: true });
    const whole = decode(changed);
    expect(whole.startsWith(`${text}\n`)).toBe(true);
    expect(whole).toContain(`create=$flushguardValue`);
    for (const word of ["delete=", "await=", "a-b"]) expect(whole).not.toContain(word);
    const again = withFooter(result(changed), url, modules);
    expect(again.source).toBe(changed);
  });

  test.for([
    ["JSON", url, "json"],
    ["a required .js without a type", url, undefined],
    ["another file than those to report", url.replace("hook-esm", "hook-large"), "module"],
    ["a package that is not hooked", url.replace("hook-esm", "hook-other"), "module"],
    ["a package nested in a hooked one", url.replace("index.js", "node_modules/other/index.js"), "module"],
    ["a file of the app", "file:///app/hook-esm/index.js", "module"],
    ["import-in-the-middle's own module", `${url}?iitm=true`, "module"],
    ["what is not a file", url.replace("file:", "https:"), "module"],
  ] as const)("leaves %s alone", ([, at, format]) => {
    const untouched = { format, source: text };
    expect(withFooter(untouched, at, modules)).toBe(untouched);
    const empty = { format: "module", source: null };
    expect(withFooter(empty, at, modules)).toBe(empty);
  });

  test("appends to a file that is one of those to report", () => {
    const metrics = url.replace("hook-esm/index", "hook-large/esm/metrics/internal");
    expect(withFooter(result(text), metrics, modules).source).toContain(`from"${metrics}"`);
  });

  test("hands over the exports of CommonJS, last, whatever the file declares", () => {
    const cjs = text.replace("export ", "");
    for (const source of [cjs, Buffer.from(cjs)]) {
      const whole = decode(withFooter(result(source, "commonjs"), url, modules).source);
      expect(whole.startsWith(`${cjs}\n`)).toBe(true);
      expect(withFooter(result(whole, "commonjs"), url, modules).source).toBe(whole);
      expect(new Script(`(function (exports, require, module) {${whole}\n})`)).toBeDefined();
    }
    const own = decode(withFooter(result("var module; exports.own = 1", "commonjs"), url, modules).source);
    expect(runInThisContext(`((exports) => {${own}\nreturn exports.own})`)({})).toBe(1);
  });

  test.for(["?v=1", "#v"])("keeps %s, as it makes another module, which imports nothing more", (rest) => {
    const whole = decode(withFooter(result(text), `${url}${rest}`, modules).source);
    expect(whole).toContain(`"${url}${rest}"`);
    expect(whole).not.toContain("import");
    expect(whole).toContain('get "greeting"(){');
  });
});

test.for([
  ["export class A {}\nexport async function b() {}\nexport function* c() {}", { A: "A", b: "b", c: "c" }],
  ["export const a = 1;\nexport let b;\nexport var $c", { a: "a", b: "b", $c: "$c" }],
  ['export { a, b as c, d as default, e as "f g" };', { a: "a", c: "b", default: "d", "f g": "e" }],
  ["class a{}export{a as A,b};", { A: "a", b: "b" }],
  ["export default class A extends B {}", { default: "A" }],
  ["export default A;", { default: "A" }],
  ["export default A", { default: "A" }],
  ["export default a(b);\nexport default new A();\nexport default a.b;", {}],
  ["export default function () {}\nexport default () => {}", {}],
  ['export { a } from "b";\nexport * from "c";\nexport*as d from"e"', {}],
] as const)("ownExports %s", ([source, expected]) => {
  expect(Object.fromEntries(ownExports(source))).toEqual(expected);
});

test.for([
  ["/app/node_modules/a/lib/b.js", "/", { name: "a", basedir: "/app/node_modules/a", file: "lib/b.js" }],
  ["/app/node_modules/@s/a/b.js", "/", { name: "@s/a", basedir: "/app/node_modules/@s/a", file: "b.js" }],
  [
    "/n/node_modules/a/node_modules/b/c.js",
    "/",
    { name: "b", basedir: "/n/node_modules/a/node_modules/b", file: "c.js" },
  ],
  [
    "/n/node_modules/.pnpm/a@1.0.0/node_modules/a/b.js",
    "/",
    { name: "a", basedir: "/n/node_modules/.pnpm/a@1.0.0/node_modules/a", file: "b.js" },
  ],
  [
    "C:\\app\\node_modules\\@s\\a\\lib\\b.js",
    "\\",
    { name: "@s/a", basedir: "C:\\app\\node_modules\\@s\\a", file: "lib/b.js" },
  ],
  ["/app/src/b.js", "/", undefined],
  ["/app/node_modules/b.js", "/", undefined],
  ["/app/node_modules/@s/b.js", "/", undefined],
  ["/app/old_node_modules/a/b.js", "/", undefined],
] as const)("packageFileOf %s", ([path, separator, expected]) => {
  expect(packageFileOf(path, separator)).toEqual(expected);
});

test.for([
  ["20.20.2", false],
  ["22.12.0", false],
  ["22.15.0", false],
  ["22.22.2", false],
  ["22.22.3", true],
  ["22.23.0", true],
  ["23.11.1", false],
  ["24.0.0", false],
  ["24.11.0", false],
  ["24.11.1", true],
  ["24.12.0", true],
  ["25.0.0", false],
  ["25.1.0", true],
  ["26.0.0", true],
  ["27.0.0-nightly2026", true],
] as const)("synchronous hooks on %s: %s", ([version, works]) => {
  expect(synchronousHooksWork(version)).toBe(works);
});
