import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";

function found(code: string): string[] {
  const { findings } = analyse(code);
  // Or it would not be read at all: a file is never without a callback.
  if (findings.length > 0) expect(isWorthParsing(`${code}\nstart(() => {});`)).toBe(true);
  return findings.map(({ rule, root, marks }) => {
    const labels = marks.map(({ label }) => label).join(", ");
    return `${root.name}: ${rule.meta.hazard} (${labels})`;
  });
}

/** A client whose other methods fill `queue`, `counts` and `map`. */
const client = (methods: string): string => `
class Client {
  constructor(send) { this.queue = []; this.counts = {}; this.map = new Map(); this.send = send; }
  record(item) { this.queue.push(item); }
  increment(name) { this.counts[name] = (this.counts[name] || 0) + 1; }
  observe(name, value) { this.map.set(name, value); }
  ${methods}
}`;

const LOST = "flush: lost update (read, wait, reset)";
const FLAG = "flush: early return (returns early, set, wait, cleared)";
const EMPTY = "flush: early return (returns early, taken, wait)";
const NOTHING = "flush: early return (taken, wait)";
const REENTRANT = "flush: re-entrancy (read, calls out, reset)";

describe("a buffer is emptied after a wait", () => {
  it.each([
    ["= []", "async flush() { await post(this.queue); this.queue = []; }"],
    ["= {}", "async flush() { await post(JSON.stringify(this.counts)); this.counts = {}; }"],
    ["= new Map()", "async flush() { await post([...this.map]); this.map = new Map(); }"],
    [".length = 0", "async flush() { await post(this.queue); this.queue.length = 0; }"],
    [".clear()", "async flush() { for (const [k, v] of this.map) await post(k, v); this.map.clear(); }"],
    ["splice", "async flush() { await post(this.queue.slice()); this.queue.splice(0, this.queue.length); }"],
    [
      "deleted keys",
      "async flush() { await post({ ...this.counts }); for (const k in this.counts) delete this.counts[k]; }",
    ],
    [
      "deleted keys, forEach",
      "async flush() { await post({ ...this.counts }); Object.keys(this.counts).forEach((k) => { delete this.counts[k]; }); }",
    ],
    ["= undefined", "async flush() { await post(this.queue); this.queue = undefined; }"],
    ["in finally", "async flush() { try { await post(this.queue); } finally { this.queue = []; } }"],
    ["in a branch", "async flush() { const r = await post(this.queue); if (r.ok) this.queue = []; }"],
    ["then", "flush() { return post(this.queue).then(() => { this.queue = []; }); }"],
    ["a chain", "flush() { return post(this.queue).then((r) => r.text()).then(() => { this.queue = []; }); }"],
    ["a callback", "flush() { const self = this; post(this.queue, function () { self.queue = []; }); }"],
    ["a bound method", "flush() { post(this.queue, this.done.bind(this)); } done() { this.queue = []; }"],
    ["a helper", "async flush() { await post(this.queue); this.reset(); } reset() { this.queue = []; }"],
    [
      "a helper that reads",
      "async flush() { await post(this.body()); this.queue = []; } body() { return JSON.stringify(this.queue); }",
    ],
    ["a variable", "async flush() { const items = this.queue; await post(items); this.queue = []; }"],
    ["a destructured one", "async flush() { const { queue } = this; await post(queue); queue.length = 0; }"],
    ["a promise in between", "async flush() { await new Promise((done) => post(this.queue, done)); this.queue = []; }"],
    ["an arrow in a field", "flush = async () => { await post(this.queue); this.queue = []; };"],
  ])("%s", (_, method) => {
    expect(found(client(method))).toContain(LOST);
  });

  it.each([
    ["emptied before", "async flush() { const items = this.queue; this.queue = []; await post(items); }"],
    ["taken before", "async flush() { await post(this.queue.splice(0)); }"],
    ["read again after", "async flush() { await ready(); const items = this.queue; this.queue = []; return items; }"],
    ["only measured before", "async flush() { log(this.queue.length); await ready(); this.queue = []; }"],
    ["no wait", "flush() { post(this.queue); this.queue = []; }"],
    [
      "what was sent is filtered out",
      "async flush() { const sent = [...this.queue]; await post(sent); this.queue = this.queue.filter((x) => !sent.includes(x)); }",
    ],
    [
      "what was sent is cut off",
      "async flush() { const sent = [...this.queue]; await post(sent); this.queue = this.queue.slice(sent.length); }",
    ],
    [
      "only if unchanged",
      "async flush() { const sent = this.queue; await post(sent); if (this.queue === sent) this.queue = []; }",
    ],
    [
      "only if no more",
      "async flush() { const sent = [...this.queue]; await post(sent); if (this.queue.length === sent.length) this.queue = []; }",
    ],
    ["made when absent", "async flush() { await post(this.queue); if (!this.queue) this.queue = []; }"],
    ["another field", "async flush() { await post(this.queue); this.sent = []; }"],
    ["an event handler", "flush() { post(this.queue); this.socket.on('close', () => { this.queue = []; }); }"],
    ["a callback at once", "flush() { this.queue.forEach((item) => post(item)); this.queue = []; }"],
  ])("not: %s", (_, method) => {
    expect(found(client(method)).filter((line) => line.includes("lost update"))).toEqual([]);
  });

  it.each([
    ["and goes on where it is full", "if (this.q.length > 9) { await post(this.q); this.q = []; }", true],
    ["and waits only with a batch of its own", "const q = this.q; this.q = []; await post(q);", false],
    ["a line of its own only", "await post(item); this.q = [];", false],
  ])("a record that flushes itself %s", (_, rest, loses) => {
    const code = `class A { constructor() { this.q = []; } async record(item) { this.q.push(item); ${rest} } }`;
    expect(found(code)).toEqual(loses ? ["record: lost update (read, wait, reset)"] : []);
  });

  it.each([
    ["Object.create", "A.prototype = Object.create(EventEmitter.prototype, METHODS);"],
    ["Object.defineProperties", "Object.defineProperties(A.prototype, METHODS);"],
  ])("methods that are given as descriptors: %s", (_, code) => {
    const methods = `{
      record: { value: function (item) { this.q.push(item); } },
      flush: { value: async function () { await post(this.q); this.q.length = 0; } },
    }`;
    expect(found(`function A() { this.q = []; }\n${code.replace("METHODS", methods)}`)).toEqual([LOST]);
  });

  it("not where nothing else fills it", () => {
    expect(
      found("class A { async flush() { this.q = []; this.q.push(1); await post(this.q); this.q = []; } }"),
    ).toEqual([]);
  });

  it("not where a flag sends records elsewhere meanwhile", () => {
    const code = `class A {
      add(x) { if (this.closed) return; this.q.push(x); }
      async flush() { this.closed = true; await post(this.q); this.q = []; }
    }`;
    expect(found(code)).toEqual([]);
  });

  it("put back over what was recorded since", () => {
    const code = client(
      "async flush() { const items = this.queue; this.queue = []; try { await post(items); } catch { this.queue = items; } }",
    );
    expect(found(code)).toContain("flush: lost update (taken, wait, put back)");
    expect(found(code.replace("this.queue = items;", "this.queue = items.concat(this.queue);"))).toEqual([NOTHING]);
  });
});

it("a list whose items are only told something is not sent", () => {
  const sent = "async flush() { await hello(); for (const item of this.queue) KEEP; await post(); this.queue = []; }";
  expect(found(client(sent.replace("KEEP", "item.note()")))).toEqual([]);
  expect(found(client(sent.replace("KEEP", "this.write(item)")))).toContain(LOST);
});

it("a number that is set back says where something is", () => {
  const code = `class A {
    add(x) { this.at = this.at + x.length; }
    flush() { this.line += this.annotate(this.at); this.at = 0; }
  }`;
  expect(found(code)).toEqual([]);
});

it("a flush that waits for the one before it returns when that is over", () => {
  const method = (wait: string): string =>
    client(`async flush() {
      const items = this.queue; this.queue = [];
      const last = this.last;
      const next = (async () => { ${wait} if (items.length === 0) return; await post(items); })();
      this.last = next;
      return await next;
    }`);
  expect(found(method("await last.catch(() => {});"))).toEqual([]);
  expect(found(method("if (last) await last;"))).toContain(EMPTY);
  expect(found(method(""))).toContain(EMPTY);
});

describe("wherever the buffer is", () => {
  it.each([
    [
      "a module's variable",
      "let queue = []; export function record(x) { queue.push(x); } export async function flush() { await post(queue); queue = []; }",
    ],
    [
      "a closure's variable",
      "module.exports = () => { let queue = []; return { record: (x) => { queue.push(x); }, flush: async () => { await post(queue); queue = []; } }; };",
    ],
    [
      "a prototype",
      "function C() { this.q = []; } C.prototype.record = function (x) { this.q.push(x); }; C.prototype.flush = function () { var self = this; return post(this.q).then(function () { self.q = []; }); };",
    ],
    [
      "a prototype's object",
      "function C() {} C.prototype = { record: function (x) { this.q.push(x); }, flush: async function () { await post(this.q); this.q = []; } };",
    ],
    [
      "an object",
      "const c = { q: [], record(x) { this.q.push(x); }, async flush() { await post(this.q); this.q = []; } };",
    ],
    [
      "a private field",
      "class C { #q = []; record(x) { this.#q.push(x); } async flush() { await post(this.#q); this.#q = []; } }",
    ],
    [
      "a path",
      "class C { record(x) { this.state.q.push(x); } async flush() { await post(this.state.q); this.state.q = []; } }",
    ],
    [
      "an object of its own class",
      "class C { record(k, v) { this.ctx.put(k, v); } async flush() { await post(this.ctx); this.ctx = this.ctx.copy(); } }",
    ],
    ["text", "class C { record(x) { this.text += 'x'; } async flush() { await post(this.text); this.text = ''; } }"],
    ["a counter", "class C { record() { this.n++; } async flush() { await post(this.n); this.n = 0; } }"],
  ])("%s", (_, code) => {
    expect(found(code)).toContain(LOST);
  });
});

describe("compiled code", () => {
  const head = "class C { record(x) { this.q.push(x); } flush() {";
  it.each([
    [
      "TypeScript to ES2015",
      `${head} return __awaiter(this, void 0, void 0, function* () { yield post(this.q); this.q = []; }); } }`,
    ],
    [
      "TypeScript to ES5",
      "var C = (function () { function C() { this.q = []; } C.prototype.record = function (x) { this.q.push(x); }; C.prototype.flush = function () { return __awaiter(this, void 0, void 0, function () { return __generator(this, function (_a) { switch (_a.label) { case 0: return [4, post(this.q)]; case 1: _a.sent(); this.q = []; return [2]; } }); }); }; return C; })();",
    ],
    [
      "Babel",
      `${head} var _this = this; return _asyncToGenerator(function* () { yield post(_this.q); _this.q = []; })(); } }`,
    ],
    [
      "regenerator",
      `${head} var _this = this; return run(regeneratorRuntime.mark(function f() { return regeneratorRuntime.wrap(function (_c) { while (1) switch (_c.prev = _c.next) { case 0: _c.next = 2; return post(_this.q); case 2: _this.q = []; case 3: case "end": return _c.stop(); } }, f); })); } }`,
    ],
    ["esbuild", `${head} return __async(this, null, function* () { yield post(this.q); this.q = []; }); } }`],
    ["minified", "class a{record(e){this.q.push(e)}async flush(){let e=await post(this.q);return this.q=[],e}}"],
  ])("%s", (_, code) => {
    expect(found(code)).toContain(LOST);
  });
});

describe("a flush that returns while another is sending", () => {
  it.each([
    [
      "a flag",
      "async flush() { if (this.busy) return; this.busy = true; try { await post(this.queue); } finally { this.busy = false; } }",
      FLAG,
    ],
    [
      "a resolved promise",
      "flush() { if (this.busy) return Promise.resolve(); this.busy = true; return post(this.queue).finally(() => { this.busy = false; }); }",
      FLAG,
    ],
    [
      "a callback",
      "flush(callback) { if (this.busy) { callback(); return; } this.busy = true; post(this.queue, () => { this.busy = false; callback(); }); }",
      FLAG,
    ],
    [
      "else",
      "async flush() { if (this.busy) { warn(); return; } else { this.busy = true; } await post(this.queue); this.busy = false; }",
      FLAG,
    ],
    [
      "a promise for a flag",
      "async flush() { if (this.sending) return; this.sending = post(this.queue); await this.sending; this.sending = undefined; }",
      FLAG,
    ],
    [
      "an emptied buffer",
      "async flush() { if (this.queue.length === 0) return; const items = this.queue; this.queue = []; await post(items); }",
      EMPTY,
    ],
    [
      "an emptied buffer, afterwards",
      "flush() { const items = this.take(); return items.length > 0 ? post(items) : Promise.resolve(); } take() { const items = this.queue; this.queue = []; return items; }",
      EMPTY,
    ],
    [
      "an emptied object",
      "async flush() { if (!Object.keys(this.counts).length) return; const sent = this.counts; this.counts = {}; await post(sent); }",
      EMPTY,
    ],
    [
      "an emptied map",
      "async flush() { if (this.isEmpty()) return; const sent = [...this.map]; this.map.clear(); await post(sent); } isEmpty() { return this.map.size === 0; }",
      EMPTY,
    ],
    [
      "a batch of many",
      "async flush() { const items = this.queue.splice(0, 20); if (!items.length) return; await post(items); }",
      EMPTY,
    ],
    [
      "a value",
      "async flush() { if (this.queue.length === 0) return { sent: 0 }; const items = this.queue; this.queue = []; return await post(items); }",
      EMPTY,
    ],
    [
      "a constant of another module's",
      "async flush() { if (this.queue.length === 0) return types.SKIPPED; const items = this.queue; this.queue = []; return await post(items); }",
      EMPTY,
    ],
    [
      "a callback that a helper calls",
      "flush(callback) { const count = this.queue.length; if (!count) { invoke(callback, 0); return; } const body = encode(this.queue); this.reset(); request(body, (err) => { invoke(callback, count, err); }); } reset() { this.queue = []; }",
      EMPTY,
    ],
    [
      "emptied on one way and sent on another",
      "async flush() { if (!this.queue.length) return; if (!ready()) { print(this.queue); this.queue = []; return; } const body = JSON.stringify(this.queue); this.queue = []; return post(body); }",
      EMPTY,
    ],
  ])("%s", (_, method, expected) => {
    expect(found(`import * as types from "types";\n${client(method)}`)).toContain(expected);
  });

  it("whose class Babel has compiled", () => {
    const code = `var C = function () {
      function C() { _classCallCheck(this, C); this.queue = []; }
      _createClass(C, [{
        key: "record", value: function record(x) { this.queue.push(x); }
      }, {
        key: "flush",
        value: function flush(callback) { if (!this.queue.length) { callback(); return; } var items = this.queue; this.queue = []; post(items, callback); }
      }]);
      return C;
    }();`;
    expect(found(code)).toEqual([EMPTY]);
  });

  it("whose batch is behind a getter and a setter", () => {
    const code = `class C {
      record(x) { const queue = this.getItem(Keys.Queue) || []; queue.push(x); this.setItem(Keys.Queue, queue); }
      flush(callback) {
        const queue = this.getItem(Keys.Queue) || [];
        if (!queue.length) return callback?.();
        const items = queue.splice(0, 10);
        this.setItem(Keys.Queue, queue);
        post(items).then(() => callback?.());
      }
    }`;
    expect(found(code)).toEqual([EMPTY]);
    expect(
      found(code.replace("this.getItem(Keys.Queue) || []; queue.push", "this.getItem(Keys.Other) || []; queue.push")),
    ).toEqual([]);
  });

  it("whose batch is in a store that a closure was given", () => {
    const code = `export function agent({ data, body }) {
      function capture(x) { data.set(x); if (data.size() > 10) setImmediate(() => send()); }
      async function send() { if (!data.size()) return null; const buffer = await body(); data.clear(); return await post(buffer); }
      return { capture, send };
    }`;
    expect(found(code)).toEqual([EMPTY.replace("flush", "send")]);
  });

  describe("and has nothing to send", () => {
    const auto = (flush: string, more = "") =>
      `class C { record(x) { this.queue.push(x); if (this.queue.length > 9) this.flush(); } ${flush} ${more} }`;
    it.each([
      ["a promise", auto("async flush() { const items = this.queue; this.queue = []; await post(items); }")],
      [
        "a callback that is kept",
        auto(
          "flush(callback) { this.callback = callback; const items = this.queue.slice(); this.send(items); this.queue = []; }",
          "send(items) { return post(items).then(() => this.callback()); }",
        ),
      ],
      [
        "one that users alone call",
        "class C { record(x) { this.queue.push(x); } async flush() { const items = this.queue; this.queue = []; await post(items); } }",
      ],
      [
        "a closure with a timer",
        "export default function batch(send) { let queue = []; let timer; async function flush() { timer = null; const items = queue; queue = []; await send(items); } return { flush, push(x) { queue.push(x); timer ??= setTimeout(async () => { await flush(); }, 100); } }; }",
      ],
    ])("%s", (_, code) => {
      expect(found(code)).toContain(NOTHING);
    });
    it.each([
      [
        "it never runs by itself, and is no flush",
        "class C { record(x) { this.queue.push(x); } async next() { const items = this.queue; this.queue = []; await post(items); } }",
      ],
      [
        "it waits for the one before it",
        auto(
          "async flush() { const items = this.queue; this.queue = []; await this.last; this.last = post(items); await this.last; }",
        ),
      ],
      ["nobody can wait for it", auto("flush() { const items = this.queue; this.queue = []; post(items); }")],
      [
        "it only waits a moment",
        auto("flush(callback) { const items = this.queue; this.queue = []; setImmediate(() => callback(items)); }"),
      ],
    ])("not: %s", (_, code) => {
      expect(found(code)).toEqual([]);
    });
  });

  it.each([
    [
      "what is in flight is returned",
      "async flush() { if (this.sending) return this.sending; this.sending = post(this.queue); await this.sending; this.sending = undefined; }",
    ],
    [
      "what is in flight is awaited",
      "async flush() { if (this.queue.length === 0) { await this.sending; return; } const items = this.queue; this.queue = []; await (this.sending = post(items)); }",
    ],
    [
      "the caller is told",
      "async flush() { if (this.busy) throw new Error('busy'); this.busy = true; await post(this.queue); this.busy = false; }",
    ],
    [
      "another round is asked for",
      "async flush() { if (this.busy) { this.again = true; return; } this.busy = true; await post(this.queue); this.busy = false; }",
    ],
    [
      "nobody can wait for it",
      "flush() { if (this.busy) return; this.busy = true; post(this.queue, () => { this.busy = false; }); }",
    ],
    [
      "nobody does",
      "_pump() { if (this.busy) return Promise.resolve(); this.busy = true; return post(this.queue).then(() => { this.busy = false; }); } start() { void this._pump(); }",
    ],
    [
      "it is no flush",
      "async open() { if (this.opening) return; this.opening = true; await connect(); this.opening = false; }",
    ],
    ["once and for all", "async flush() { if (this.done) return; this.done = true; await post(this.queue); }"],
    [
      "it is somebody else who says when",
      "flush(callback) { if (this.queue.length === 0) { this.client.flush(callback); return; } const items = this.queue; this.queue = []; post(items, callback); }",
    ],
    [
      "callers are kept until all is done",
      "flush(callback) { this.waiting.push(callback); if (this.busy) return; this.busy = true; post(this.queue, () => { this.busy = false; for (const done of this.waiting) done(); }); }",
    ],
    [
      "one behind the other",
      "flush() { this.last = this.last.then(() => this.drain()); return this.last; } async drain() { if (this.queue.length === 0) return; const items = this.queue; this.queue = []; await post(items); }",
    ],
  ])("not: %s", (_, method) => {
    expect(found(client(method)).filter((line) => line.includes("early return"))).toEqual([]);
  });
});

describe("a collection around calls of the user's functions", () => {
  it.each([
    ["a parameter", "flush(callback) { callback(this.queue); this.queue = []; }"],
    ["forEach", "flush() { this.queue.forEach((listener) => listener()); this.queue = []; }"],
    [
      "an injected function",
      "listen(o) { this.onFlush = o.onFlush; } flush() { const items = this.queue; this.onFlush(items); this.queue = []; }",
    ],
    ["an event", "flush() { this.emit('flush', this.queue); this.queue = []; }"],
  ])("emptied after: %s", (_, method) => {
    expect(found(client(method))).toContain(REENTRANT);
  });

  it.each([
    ["emptied before", "flush(callback) { const items = this.queue; this.queue = []; callback(items); }"],
    ["a loop that sees what is added", "flush() { for (const listener of this.queue) listener(); this.queue = []; }"],
    ["its own function", "flush() { this.log(this.queue); this.queue = []; } log(x) { console.log(x); }"],
  ])("not: %s", (_, method) => {
    expect(found(client(method)).filter((line) => line.includes("re-entrancy"))).toEqual([]);
  });

  const emitter = (loop: string, removal: string): string => `class E {
    on(f) { this.fs.push(f); }
    off(f) { ${removal} }
    fire(e) { ${loop} }
  }`;
  it("not where the items settle promises", () => {
    const code = emitter("for (const f of this.fs) f(e);", "this.fs.splice(0, 1);");
    const waiting = code.replace(
      "on(f) { this.fs.push(f); }",
      "on() { return new Promise((f) => { this.fs.push(f); }); }",
    );
    expect(found(waiting)).toEqual([]);
  });

  const splice = "this.fs.splice(this.fs.indexOf(f), 1);";
  it.each([
    "for (const f of this.fs) f(e);",
    "this.fs.forEach((f) => f(e));",
    "for (let i = 0; i < this.fs.length; i++) this.fs[i](e);",
  ])("items taken out of what is gone through: %s", (loop) => {
    expect(found(emitter(loop, splice))).toEqual(["fire: re-entrancy (iterates, calls out, taken)"]);
    expect(found(emitter(loop, "this.fs = this.fs.filter((g) => g !== f);"))).toEqual([]);
    expect(found(emitter(loop.replaceAll("this.fs", "[...this.fs]"), splice))).toEqual([]);
  });
});

it("a function that the caller gives to send by is no callback", () => {
  const flush = (send: string): string =>
    client(`flush(post) { if (this.queue.length === 0) return; const items = this.queue; this.queue = []; ${send}; }`);
  expect(found(flush("request(items).then(() => post())"))).toEqual([EMPTY]);
  expect(found(flush("post(items).then(log)"))).toEqual([]);
});

describe("a Writable that says 'finish' too early", () => {
  const EARLY = "log: close (handed on, called back)";
  const transport = (log: string, more = ""): string =>
    `const Transport = require("winston-transport");
    class T extends Transport { ${log} ${more} }`;
  it.each([
    ["a promise that is left alone", "log(info, callback) { this.client.send(info).catch(warn); callback(); }"],
    ["void", "log(info, callback) { void this.client.send(info); callback(); }"],
    ["a stream", "log(info, callback) { this.stream.write(info); callback(null, true); }"],
    [
      "a little later",
      "log(info, callback) { this.request(info, (err) => { this.emit('logged', err); }); if (callback) setImmediate(callback); }",
    ],
    [
      "not waited for, but for the last",
      "log(info, callback) { this.client.send(info); if (!info.last) return callback(); this.client.end(callback); }",
    ],
    [
      "a function of the file that gives a promise",
      "log(info, callback) { const post = async (line) => { await client.send(line); }; post(info).catch(warn); callback(); }",
    ],
    [
      "what only looks as if it came later",
      "log(info, callback) { this.client.send(info).then(callback()).catch(warn); }",
    ],
    [
      "a batch",
      "log(info, callback) { this.batch.push(info); callback(); } flush() { const items = this.batch; this.batch = []; post(items); }",
    ],
  ])("%s", (_, log) => {
    expect(found(transport(log))).toContain(EARLY);
    expect(found(transport(log, "_final(callback) { this.end(callback); }"))).not.toContain(EARLY);
    expect(found(transport(log).replace("extends Transport", ""))).not.toContain(EARLY);
    expect(
      found(transport(log).replace("extends Transport {", "{").concat("util.inherits(T, winston.Transport);")),
    ).toContain(EARLY);
  });

  it.each([
    [
      "it calls back when it has sent",
      "log(info, callback) { this.client.send(info).then(() => callback(), callback); }",
    ],
    ["it waits", "async log(info, callback) { await this.client.send(info); callback(); }"],
    [
      "a function of the file is waited for",
      "async log(info, callback) { const post = async (line) => { await client.send(line); }; await post(info); callback(); }",
    ],
    [
      "a function of the file gives no promise",
      "log(info, callback) { const count = (line) => { seen(line); }; count(info); callback(); }",
    ],
    ["it calls back after a promise", "log(info, callback) { this.client.send(info).finally(callback); }"],
    ["the callback is handed on", "log(info, callback) { this.stream.write(info, callback); }"],
    ["the console", "log(info, callback) { console.log(info); callback(); }"],
    ["it is kept for good", "log(info, callback) { this.lines.push(info); callback(); }"],
    [
      "it is kept until it is cleared",
      "log(info, callback) { this.lines.push(info); callback(); } clear() { this.lines = []; }",
    ],
    [
      "it calls back at once in a case of its own",
      "log(info, callback) { if (this.silent) callback(); this.client.send(info).then(() => callback(), warn); }",
    ],
  ])("not: %s", (_, log) => {
    expect(found(transport(log))).toEqual([]);
  });

  it("any Writable, where something is seen to go on", () => {
    const writable = (write: string) => `import { Writable } from "node:stream"; class W extends Writable { ${write} }`;
    const write = "_write(chunk, encoding, done) { this.put(chunk); done(); }";
    expect(found(writable(`${write} async put(chunk) { await post(chunk); }`))).toEqual([
      "_write: close (handed on, called back)",
    ]);
    expect(found(writable(`${write} put(chunk) { this.hash.update(chunk); }`))).toEqual([]);
    const buffered = "_write(chunk, encoding, done) { this.lines.push(chunk); done(); }";
    expect(found(writable(`${buffered} send() { post(this.lines); this.lines = []; }`))).toEqual([
      "_write: close (handed on, called back)",
    ]);
    expect(found(writable(`${buffered} clear() { this.lines = []; }`))).toEqual([]);
    const parses =
      "_write(chunk, encoding, done) { if (this.over) return done(); this.lines.push(chunk); this.parse(done); }";
    expect(found(writable(`${parses} parse(done) { read(this.lines); this.lines = []; done(); }`))).toEqual([]);
  });
});

describe("what the rules follow further", () => {
  const CUT = "flush: lost update (read, wait, taken)";
  const emitsEarly = "const items = this.queue; this.queue = []; await post(items);";
  it.each([
    [
      "a batch that is cut off",
      "async flush() { if (!this.queue.length) return; const items = this.queue.slice(0, 9); this.queue = this.queue.slice(9); await post(items); }",
    ],
    [
      "items that are read one by one, and cut off",
      "flush() { if (this.queue.length === 0) return Promise.resolve(false); const sent = []; let i = 0; while (i < 9) { sent.push(encode(this.queue[i])); i++; } this.queue.splice(0, i); return post(sent); }",
    ],
    [
      "items that are shifted into a batch, and a quiet return behind",
      "flush() { const sent = []; while (this.queue.length > 0 && sent.length < 9) sent.push(this.queue.shift()); if (sent.length > 0) { return post(sent); } return new Promise((resolve) => { resolve(null); }); }",
    ],
    [
      "a function that calls the caller's",
      "flush(fn) { var end = function (error) { fn.call(null, error); }; if (!this.queue.length) return end(null); const items = this.queue; this.queue = []; request.post(url, items, end); }",
    ],
    [
      "a test of several lines",
      "flush(done) { if (this.isEmpty()) return done(null); const items = this.queue; this.queue = []; post(items, () => done(null)); } isEmpty() { if (this.queue.length > 0) return false; return !this.more; }",
    ],
    [
      "a method that another file has",
      `async flush() { if (!this.queue.length) return; this.check(); ${emitsEarly} } check() { throw new Error("not implemented"); }`,
    ],
  ])("an early return: %s", (_, method) => {
    expect(found(client(method))).toContain(EMPTY);
  });

  it("a promise that a later call is given, of a batch that was taken before", () => {
    const flush = (send: string): string =>
      client(`flush() { if (this.pending) return this.pending; this.pending = this.drain().finally(() => { this.pending = undefined; }); return this.pending; }
        async drain() { ${send} }`);
    expect(found(flush("const items = this.queue; this.queue = []; await post(items);"))).toContain(EMPTY);
    expect(
      found(flush("while (this.queue.length) { const items = this.queue; this.queue = []; await post(items); }")),
    ).toEqual([]);
  });

  it.each([
    [
      "TypeScript",
      '__classPrivateFieldSet(this, _Client_queue, [], "f")',
      '__classPrivateFieldGet(this, _Client_queue, "f")',
    ],
    ["Babel", "_classPrivateFieldSet(this, _queue, [])", "_classPrivateFieldGet2(this, _queue)"],
    [
      "Babel, loosely",
      "_classPrivateFieldLooseBase(this, _queue)[_queue] = []",
      "_classPrivateFieldLooseBase(this, _queue)[_queue]",
    ],
    ["esbuild", "__privateSet(this, _queue, [])", "__privateGet(this, _queue)"],
    ["a function of its own", "internal(this).queue = []", "internal(this).queue"],
    ["a WeakMap", "states.get(this).queue = []", "states.get(this).queue"],
  ])("what is private by %s", (_, empty, queue) => {
    const code = `class Client {
      constructor() { ${empty}; }
      record(item) { ${queue}.push(item); }
      async flush() { await post(${queue}); ${empty}; }
    }`;
    expect(found(code)).toEqual([LOST]);
  });

  it("what overlapping calls cut off a buffer", () => {
    const flush =
      "async flush() { const count = this.queue.length; await post([...this.queue]); this.queue.splice(0, count); }";
    const timed = "start() { setInterval(() => this.flush(), 1000); }";
    expect(found(client(`${flush} ${timed}`))).toContain(CUT);
    expect(found(client(flush))).toEqual([]);
    const one = flush
      .replace("{ const", "{ if (this.busy) return; this.busy = true; const")
      .replace(/}$/, " this.busy = false; }");
    expect(found(client(`${one} ${timed}`))).not.toContain(CUT);
  });

  it("a batch of one key that is got and deleted", () => {
    const keyed = (value: string): string => `
      class Client {
        constructor() { this.batches = new Map(); }
        record(key, item) { const known = this.batches.get(key); if (known) known.push(item); else this.batches.set(key, ${value}); }
        async flush(key) { const batch = this.batches.get(key); if (!batch) return; this.batches.delete(key); await post(batch); }
      }`;
    expect(found(keyed("[item]"))).toEqual([EMPTY]);
    expect(found(keyed("item"))).toEqual([]);
  });

  it("a batch of one key of a dictionary of lists, deleted before it is sent or after", () => {
    const keyed = (flush: string, made = "[]"): string => `
      class Client {
        constructor() { this.batches = {}; }
        record(key, item) { if (!this.batches[key]) this.batches[key] = ${made}; this.batches[key].push(item); }
        async flush(key) { ${flush} }
      }`;
    const before = "const batch = this.batches[key]; if (!batch) return; delete this.batches[key]; await post(batch);";
    const after = "await post(this.batches[key]); delete this.batches[key];";
    expect(found(keyed(before))).toEqual([EMPTY]);
    expect(found(keyed(after))).toEqual([LOST]);
    expect(found(keyed(before, "make()"))).toEqual([]);
    expect(found(keyed(after, "make()"))).toEqual([]);
  });

  it("a buffer that another file of the package fills", () => {
    const code = `class Base { constructor() { this.queue = []; } async flush() { if (!this.queue.length) return; ${emitsEarly} } }`;
    const names = (filled?: (field: string) => boolean): string[] =>
      analyse(code, filled).findings.map(({ rule }) => rule.meta.name);
    expect(names((field) => field === "queue")).toEqual(["returns-when-empty"]);
    expect(names()).toEqual([]);
  });

  it.each([
    [
      "chained through a variable",
      "flush() { const last = (this.last ?? ready()).then(() => this.drain()); this.last = last; return last; } async drain() { while (this.queue.length > 0) await this.send(); } async send() { if (this.queue.length === 0) return; const items = this.queue; this.queue = []; return post(items); }",
    ],
    [
      "of which nobody can wait for the end",
      "record2(item) { this.queue.push(item); this.process(); } async process() { if (this.busy) return; this.busy = true; await post(this.queue.splice(0)); this.busy = false; }",
    ],
    ["that throws away", "async destroy() { for (const item of this.queue) await item.end(); this.queue = []; }"],
  ])("not a method %s", (_, method) => {
    expect(found(client(method))).toEqual([]);
  });

  it("not the methods of a stream, which are called in turn", () => {
    const code = `let text = ""; export default (send) => new TransformStream({
      transform(chunk) { text += chunk; },
      async flush() { await send(text); text = ""; },
    });`;
    expect(found(code)).toEqual([]);
    expect(found(code.replace("new TransformStream", "").replace("text += chunk;", "text += chunk; "))).not.toEqual([]);
  });

  it("a sender that an object is made with is given the buffer, a listener is told of it", () => {
    const code = (name: string): string => `class Client {
      constructor(f) { this.queue = []; this.${name} = f; }
      record(item) { this.queue.push(item); }
      flush() { this.${name}(this.queue); this.queue = []; }
    }`;
    expect(found(code("dispatch"))).toEqual([]);
    expect(found(code("onFlush"))).toEqual([REENTRANT]);
  });

  it.each([
    [
      "by way of a method with the callback",
      'const Transport = require("winston-transport"); class T extends Transport { log(info, next) { this.put(info, () => { next(); }); } put(info, next) { this.lines.push(info); if (this.lines.length > 9) this.send(next); else next(); } send(next) { post(this.lines, next); this.lines = []; } }',
    ],
    [
      "where what the client gives is returned",
      'const Transport = require("winston-transport"); class T extends Transport { log(info, next) { setImmediate(next); return this.client.send(info); } }',
    ],
    [
      "in a class that TypeScript has compiled",
      'var transport_1 = __importDefault(require("winston-transport")); var T = (function (_super) { __extends(T, _super); function T() {} T.prototype.log = function (info, next) { this.client.send(info); next(); }; return T; }(transport_1.default));',
    ],
    [
      "by a client whose method is called emit",
      'const Transport = require("winston-transport"); class T extends Transport { log(info, next) { this.emit("logged", info); this.client.emit({ message: info.message }); next(); } }',
    ],
    [
      "in what a Writable is made of",
      "const log = open(); new stream.Writable({ write(chunk, encoding, next) { log[chunk.level](chunk, noop); next(); } });",
    ],
    [
      "in an async function that is a generator",
      'const Transport = require("winston-transport"); class T extends Transport { log(info, next) { return __awaiter(this, void 0, void 0, function* () { this.client.send(info); next(); }); } }',
    ],
  ])("a chunk that is said to be done with at once: %s", (_, code) => {
    expect(analyse(code).findings.map(({ rule }) => rule.meta.name)).toEqual(["finishes-early"]);
  });

  it.each(['this.emit("logged", info)', "this.bus.emit(info.level, info)"])("an event is no hand-over: %s", (event) => {
    const code = `const Transport = require("winston-transport"); class T extends Transport { log(info, next) { ${event}; next(); } }`;
    expect(found(code)).toEqual([]);
  });
});

describe("a batch that is put aside before a helper empties the buffer", () => {
  const timed = "start() { setInterval(() => this.upload(), 1000); }";
  const renew = "renew() { this.queue = []; }";

  it("is what a call that comes meanwhile has not to wait for", () => {
    const upload = "upload(done) { const batch = this.queue; post(batch, (err) => { done(err); }); this.renew(); }";
    expect(found(client(`${timed} ${renew} ${upload}`))).toContain("upload: early return (taken, wait)");
  });

  it("not where the helper says what it has taken, and whoever asks for that sends it", () => {
    const take = "take() { const batch = this.queue; this.queue = []; return batch; }";
    const upload = "upload(done) { post('ping', (err) => { done(err); }); this.take(); }";
    expect(found(client(`${timed} ${take} ${upload}`))).toEqual([]);
  });
});

describe("a buffer that is cut off after a wait for the flush before", () => {
  const add = "add(x) { this.queue.push(x); if (this.queue.length > 9) this.flush(); }";
  const send = "const n = this.queue.length; await post(this.queue); this.queue.splice(0, n);";

  it("whose waiters go on together", () => {
    const flush = `async flush() { const send = async () => { ${send} }; await this.last; this.last = send(); await this.last; this.last = null; }`;
    expect(found(client(`${add} ${flush}`))).toContain("flush: lost update (read, wait, taken)");
  });

  it("not where a call that comes meanwhile goes away", () => {
    const flush = `async flush() { if (this.busy) return; this.busy = true; ${send} this.busy = false; }`;
    expect(found(client(`${add} ${flush}`))).not.toContain("flush: lost update (read, wait, taken)");
  });
});

describe("who can find that there is nothing to send", () => {
  const flush =
    "async function flush() { if (queue.length === 0) return; const batch = queue; queue = []; await post(batch); }";

  it("not a function that has just recorded something, where nobody else waits", () => {
    const code = `module.exports = () => { let queue = []; ${flush}
      async function add(x) { queue.push(x); return queue.length > 9 ? flush() : setTimeout(flush, 1000); }
      return { add }; };`;
    expect(found(code)).toEqual([]);
  });

  it("whoever is given the flush", () => {
    const code = `module.exports = () => { let queue = []; ${flush}
      async function add(x) { queue.push(x); return queue.length > 9 ? flush() : setTimeout(flush, 1000); }
      return { add, flush }; };`;
    expect(found(code)).toContain(EMPTY);
  });
});

it("not a promise that the end of its executor does not settle", () => {
  const method = `later(x) { return new Promise((resolve) => { this.queue.push({ x, resolve }); if (!this.busy) { this.busy = true; this.wake(); } }); }
    async wake() { await this.send(); this.busy = false; }
    async send() { const batch = [...this.queue]; this.queue = []; await post(batch); }`;
  expect(found(client(method))).not.toContain("later: early return (returns early, set, wait, cleared)");
});

it("not a clean-up of what is to be called at the end", () => {
  expect(found(client("cleanup() { this.queue.forEach((stop) => stop()); this.queue = []; }"))).toEqual([]);
});

it("a transport's helper that keeps a line in an object of another file, which is told to send it later", () => {
  const code = `class T extends Transport {
    constructor() { this.lines = new Lines(); this.socket.on("connect", () => { this.lines.drain((line) => this.socket.write(line)); }); }
    write(line, callback) { if (this.connected) this.socket.write(line, () => { callback(); }); else { this.lines.add(line); callback(null, true); } }
    log(level, message, meta, callback) { this.write(message, callback); } }`;
  expect(found(code)).toContain("log: close (handed on, called back)");
});

describe("what a method sets up to run by itself", () => {
  const setUp = (then: string) =>
    `class Agent { async install() { let items = []; on("item", (item) => { items.push(item); }); ${then} } }`;

  it("is another flush than what the method sets up beside it to record", () => {
    const timed = setUp("setInterval(async () => { await post(items); items = []; }, 1000);");
    expect(found(timed)).toEqual(["undefined: lost update (read, wait, reset)"]);
  });

  it("not where the method itself empties what it fills", () => {
    expect(found(setUp("await post(items); items = [];"))).toEqual([]);
  });
});

it.each(["watch", "observe", "use"])("a method of one's own that is called %s is walked through", (name) => {
  const code = client(`async flush() { await post(this.queue); this.${name}(); } ${name}() { this.queue = []; }`);
  expect(found(code)).toContain(LOST);
});

it("a logger that has a method for each level is told at once", () => {
  const transport = (line: string) =>
    `class T extends Transport { log({ level, message }, callback) { ${line} callback(); } }`;
  expect(
    found(transport("if (this.host.log[level]) this.host.log[level](message); else this.host.log(message);")),
  ).toEqual([]);
  expect(found(transport("this.host.log(message);"))).toEqual(["log: close (handed on, called back)"]);
});

describe("a Writable that hands a chunk on to what has an end of its own", () => {
  const writable = (write: string, rest = "") =>
    `class W extends Writable { _write(chunk, encoding, done) { ${write} done(); } ${rest} }`;
  const EARLY = "_write: close (handed on, called back)";

  it("is done too early where that is closed later", () => {
    const write = "this.client.send(chunk);";
    expect(found(writable(write, "stop() { this.client.close(); }"))).toEqual([EARLY]);
    expect(found(writable(write, "stop() { this.other.close(); }"))).toEqual([]);
    expect(found(writable(write, "_final(done) { this.client.close(done); }"))).toEqual([]);
  });

  it("is done too early where the promise of that is left alone on purpose", () => {
    expect(found(writable("void this.client.send(chunk);"))).toEqual([EARLY]);
  });

  it("whose parent is given to the function around it", () => {
    const code = `(function () { var Writable, W, extend = function (child, parent) {}; Writable = require("stream").Writable;
      W = (function (_super) { __extends(W, _super); function W() {}
        W.prototype._write = function (chunk, encoding, done) { void this.client.send(chunk); return done(); }; return W; })(Writable);
    }).call(this);`;
    expect(found(code)).toEqual([EARLY]);
  });
});

describe("a Transform that is written to for what it does with its chunks", () => {
  const TAKES = "_transform(line, encoding, done) { this.lines.push(line); done(); }";
  const SENDS = "send() { if (this.lines.length > 0) return post(this.lines.splice(0)); }";
  const transform = (write: string, rest: string): string =>
    `const { Transform } = require("stream"); class T extends Transform { ${write} ${rest} }`;
  const EARLY = "_transform: close (handed on, called back)";

  it("says 'finish' with lines in its batch", () => {
    expect(found(transform(TAKES, SENDS))).toEqual([EARLY]);
  });

  it("or with what it has handed on by a promise on its way", () => {
    const write = "_transform(line, encoding, done) { this.client.send(line).catch(report); done(); }";
    expect(found(transform(write, ""))).toEqual([EARLY]);
  });

  it("as one that is made of an object does", () => {
    const code = (more: string): string => `const { Transform } = require("stream");
      const client = open(); exports.log = new Transform({ transform(line, encoding, done) { client.send(line).catch(report); done(); } ${more} });`;
    expect(found(code(""))).toEqual(["transform: close (handed on, called back)"]);
    expect(found(code(", flush(done) { client.end(done); }"))).toEqual([]);
  });

  it.each([
    ["it sends what is left at its end", TAKES, `${SENDS} _flush(done) { this.send().then(() => done(), done); }`],
    ["it passes each on", TAKES.replace("done()", "done(null, line)"), SENDS],
    ["it passes them on", TAKES.replace("done();", "if (line) this.push(line); done();"), SENDS],
    ["it is done when the line is", "_transform(line, encoding, done) { this.client.send(line, done); }", ""],
    ["it is no stream", TAKES, SENDS, "Other"],
  ])("not where %s", (_, write, rest, parent = "Transform") => {
    expect(found(transform(write, rest).replaceAll("Transform", parent))).toEqual([]);
  });
});

describe("a transport of pino hands its lines on", () => {
  const transport = (loop: string, { after = "", options = "" } = {}) => `
    import build from "pino-abstract-transport"; import { capture } from "client"; import { client } from "./client.js";
    export default () => build(async function read(source) { for await (const line of source) { ${loop} } ${after} }${options});
    function count(line) { lines += line.length; } async function post(line) { await client.post(line); }`;
  const UNWAITED = ["read: close (handed on)"];

  it.each([
    ["to a client", "client.emit(line);"],
    ["to a function of another package", "capture(line.message, line);"],
    ["as something made of it", "const entry = { at: line.time }; client.emit(entry);"],
    ["to what gives a promise", "client.send(line).catch(report);"],
    ["to what gives a promise that is left alone on purpose", "void client.send(line);"],
    ["to a function of its own that waits", "post(line);"],
    ["one by one, of which the last is not waited for", "await client.send(line);"],
    ["one by one, and looks at what came of it", "const { ok } = await client.send(line); if (!ok) report(line);"],
    ["one by one, whatever becomes of each", "await client.send(line).catch(report);"],
    ["one by one, by the global fetch", "await fetch(url, { body: JSON.stringify(line) });"],
    ["by the global fetch", "fetch(url, { body: JSON.stringify(line) });"],
    ["in batches", "batch.push(line); if (batch.length > 9) await client.send(batch.splice(0));"],
    [
      "in batches made of them",
      "const { message } = line; batch.push({ message }); if (batch.length > 9) await client.send(batch);",
    ],
    ["and waits behind each", "client.emit(line); await client.flush();"],
    ["and waits behind the last one, as nobody does for that", "client.emit(line);", "await client.flush();"],
    ["when it has read them all", "lines.push(line);", "await client.send(lines);"],
  ])("%s, and waits for nothing at its end", (_, loop, after = "") => {
    expect(found(transport(loop, { after }))).toEqual(UNWAITED);
  });

  it.each([
    ["it is told to close", "client.emit(line);", { options: ", { async close() { await client.flush(); } }" }],
    ["it waits for each, and is told to close", "await client.send(line);", { options: ", { close: () => last }" }],
    ["a list", "lines.push(line);", {}],
    ["it waits for something else", "lines.push(line); await turn(1);", { after: "await client.flush();" }],
    ["what waits for each does not wait", "await count(line);", {}],
    ["a stream that is full", "if (!stream.write(line)) await once(stream, 'drain');", {}],
    ["a function of the loop's own waits for something", "lines.push(async () => { await client.send(lines); });", {}],
    ["another stream", "stream.write(line);", {}],
    ["a function of its own that does not wait", "count(line);", {}],
    ["what the loop has made", "const entry = new Entry(); entry.fill(line);", {}],
    ["the console", "console.table(line);", {}],
    ["not the line", "client.tick(1);", {}],
  ])("not: %s", (_, loop, more) => {
    expect(found(transport(loop, more))).toEqual([]);
  });

  it("not where it is no transport of pino", () => {
    expect(found(transport("client.emit(line);").replace("pino-abstract-transport", "other"))).toEqual([]);
  });
});

it("a client's emit that is given an entry by its name is a hand-over", () => {
  const transport = (entry: string) =>
    `class T extends Transport { log(info, callback) { const entry = ${entry}; this.client.emit(entry); callback(); } }`;
  expect(found(transport("{ message: info.message }"))).toEqual(["log: close (handed on, called back)"]);
  expect(found(transport('"logged"'))).toEqual([]);
});
