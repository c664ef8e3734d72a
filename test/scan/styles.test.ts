import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";
import { KEEPS, LOSES, STYLES } from "./styles.js";

const COMPILED: Readonly<Record<string, (code: string) => string>> = {
  "as written": (code) => code,
  "for ES2016": (code) => transformSync(code, { target: "es2016", format: "cjs" }).code,
  minified: (code) => transformSync(code, { minify: true, format: "esm" }).code,
};

const isFound = (code: string): boolean => isWorthParsing(code) && analyse(code).findings.length > 0;

describe.each(Object.entries(COMPILED))("clients %s", (_compiled, compile) => {
  it.each(Object.entries(STYLES))("that lose are found in style %s", (_style, write) => {
    const shapes = Object.entries(LOSES);
    const missed = shapes.flatMap(([name, shape]) => (isFound(compile(write(shape))) ? [] : [name]));
    expect(missed.length, missed.join(", ")).toBeLessThanOrEqual(shapes.length * 0.2);
  });

  it.each(Object.entries(STYLES))("that keep all are left alone in style %s", (_style, write) => {
    const found = Object.entries(KEEPS).flatMap(([name, shape]) => (isFound(compile(write(shape))) ? [name] : []));
    expect(found).toEqual([]);
  });
});

/** A class with one async method, `flush`, as Babel and SWC write it for old engines. */
const compiledClass = (flush: string): string => `
var Client = function () {
  function Client() { this.queue = []; }
  return _createClass(Client, [
    { key: "record", value: function record(x) { this.queue.push(x); if (this.queue.length > 9) this.flush(); } },
    { key: "flush", value: ${flush} }
  ]);
}();`;

describe("async functions that were compiled to state machines", () => {
  it.each([
    [
      "by Babel 7.27",
      `function () {
        var _flush = _asyncToGenerator(_regenerator().m(function _callee() {
          var batch;
          return _regenerator().w(function (_context) {
            while (1) switch (_context.n) {
              case 0:
                if (!(this.queue.length === 0)) { _context.n = 1; break; }
                return _context.a(2);
              case 1:
                batch = this.queue; this.queue = []; _context.n = 2;
                return post(batch);
              case 2:
                return _context.a(2);
            }
          }, _callee, this);
        }));
        function flush() { return _flush.apply(this, arguments); }
        return flush;
      }()`,
    ],
    [
      "by Babel with regeneratorRuntime",
      `function () {
        var _flush = (0, _asyncToGenerator2["default"])(regeneratorRuntime.mark(function _callee() {
          var batch;
          return regeneratorRuntime.wrap(function _callee$(_context) {
            while (1) switch (_context.prev = _context.next) {
              case 0:
                if (!(this.queue.length === 0)) { _context.next = 2; break; }
                return _context.abrupt("return");
              case 2:
                batch = this.queue; this.queue = []; _context.next = 6;
                return post(batch);
              case 6:
              case "end":
                return _context.stop();
            }
          }, _callee, this);
        }));
        function flush() { return _flush.apply(this, arguments); }
        return flush;
      }()`,
    ],
    [
      "by SWC",
      `function flush() {
        return _async_to_generator(function () {
          var batch;
          return _ts_generator(this, function (_state) {
            switch (_state.label) {
              case 0:
                if (this.queue.length === 0) return [2];
                batch = this.queue; this.queue = [];
                return [4, post(batch)];
              case 1:
                _state.sent();
                return [2];
            }
          });
        }).call(this);
      }`,
    ],
  ])("are seen as they were written: %s", (_by, flush) => {
    const { findings } = analyse(compiledClass(flush));
    expect(findings.map(({ rule, root }) => `${root.name}: ${rule.meta.name}`)).toContain("flush: returns-when-empty");
  });
});
