import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";

const found = (code: string): string[] => {
  const { findings } = analyse(code);
  if (findings.length > 0) expect(isWorthParsing(code)).toBe(true);
  return findings.map(({ rule }) => rule.meta.name);
};
const EARLY = ["finishes-early"];

describe("a sink says at once that a chunk is done with", () => {
  const through = (body: string, made = "through2.obj(WRITE)") =>
    `const client = require("client"); module.exports = () => ${made.replace("WRITE", `(chunk, encoding, callback) => { ${body} }`)};`;
  const CAPTURE = "client.captureMessage(chunk.msg); callback();";

  it.each([
    ["of through2", through(CAPTURE)],
    ["of through2 as TypeScript imports it", through(CAPTURE, "(0, through2_1.default)({ objectMode: true }, WRITE)")],
    [
      "of a Writable made without new",
      `stream.Writable({ write(chunk, encoding, done) { socket.write(chunk, (error) => {}); done(); } });
      let socket = null; socket = net.connect(1); socket = net.connect(2);`,
    ],
    [
      "of a Writable that is given its method later",
      `const out = new stream.Writable({ objectMode: true });
      out._write = function (chunk, encoding, done) { client.track(chunk); done(); }; const client = make();`,
    ],
    [
      "of a Duplex",
      `class D extends Duplex { _write(chunk, encoding, done) { request("Put", chunk, (error) => { this.count--; });
      if (this.count < 5) return done(); this.once("put", done); } } function request(name, data, done) { post(data, done); }`,
    ],
    [
      "by way of others",
      `class T { constructor() { this.client = make(); }
      stream() { return through2.obj((chunk, encoding, callback) => { this.prepare(chunk, callback); }); }
      prepare(chunk, callback) { chunk.run((entry) => { this.send(entry, callback); }); }
      send(entry, callback) { this.client.captureMessage(entry.msg); setImmediate(callback); } }`,
    ],
    [
      "by a promise that waits for nothing",
      `const out = new Writable({}); const self = make();
      class T { constructor() { this.client = make(); } async insert(entry) { this.track(entry); } track(entry) { this.client.trackTrace(entry); }
      open() { const stream = new Writable({}); const self = this;
        stream._write = function (chunk, encoding, done) { self.insert(chunk).then(() => { done(null); }).catch(done); }; return stream; } }`,
    ],
  ])("%s", (_, code) => {
    expect(found(code)).toEqual(EARLY);
  });

  it.each([
    ["through2 has a flush", through(CAPTURE, "through2.obj(WRITE, (done) => client.close(done))")],
    ["it passes its chunks on", through("client.captureMessage(chunk.msg); callback(null, chunk);")],
    ["it is told when that is over", through("client.captureMessage(chunk.msg, callback);")],
    [
      "its end waits",
      `new Writable({ write(chunk, encoding, done) { client.track(chunk); done(); },
      destroy(error, done) { socket.close(done); } }); const client = make();`,
    ],
    [
      "the promise waits",
      `class T { constructor() { this.client = make(); } async insert(entry) { await this.client.trackTrace(entry); }
      open() { const stream = new Writable({}); const self = this;
        stream._write = function (chunk, encoding, done) { self.insert(chunk).then(() => { done(null); }).catch(done); }; return stream; } }`,
    ],
    [
      "what it calls is its own caller's",
      "const make = (track) => new Writable({ write(chunk, encoding, done) { track(chunk); done(); } });",
    ],
  ])("not: %s", (_, code) => {
    expect(found(code)).toEqual([]);
  });

  it("where its end is only that of the connection", () => {
    const code = (destroy: string) => `new Writable({ ${destroy}
      write(chunk, encoding, done) { socket.write(chunk, (error) => {}); done(); } }); const socket = net.connect(1);`;
    expect(found(code("destroy(error, done) { done(error); socket.destroy(error); },"))).toEqual(EARLY);
    expect(found(code("destroy(error, done) { socket.end(() => done(error)); },"))).toEqual([]);
  });
});

describe("a stream sends what is left at its end", () => {
  const stream = (last: string) => `class S extends Writable {
    _write(chunk, encoding, done) { this.add(chunk, done); }
    ${last}
    flush() { if (this.items.length > 0) this.client.bulk(this.items, (error) => report(error)); } }`;

  it.each([
    ["and says at once that it is done", "_final(done) { this.flush(); done(); }"],
    ["and leaves a promise alone", "_final(done) { this.client.close().catch(report); done(); }"],
  ])("%s", (_, last) => {
    expect(found(stream(last))).toEqual(["ends-unsent"]);
  });

  it.each([
    ["it waits", "async _final(done) { await this.client.close(); done(); }"],
    ["it is told", "_final(done) { this.client.close(done); }"],
    ["it says so when that is over", "_final(done) { this.client.close().then(() => done()); }"],
    ["it only stops a timer", "_final(done) { clearTimeout(this.timer); done(); }"],
  ])("not: %s", (_, last) => {
    expect(found(stream(last))).toEqual([]);
  });
});

it("a transport of pino that TypeScript has compiled ends while its last line is on its way", () => {
  const code = (build: string) => `const build = require("pino-abstract-transport");
    const post = (line) => __awaiter(void 0, void 0, void 0, function* () { yield fetch(URL, { body: line }); });
    module.exports = () => build((source) => { var source_1, source_1_1; return __awaiter(void 0, void 0, void 0, function* () {
      for (source_1 = __asyncValues(source); source_1_1 = yield source_1.next(), !source_1_1.done;) {
        const line = source_1_1.value; yield post(line); } }); }${build});`;
  expect(found(code(""))).toEqual(["ends-unwaited"]);
  expect(found(code(", { close: () => post.idle() }"))).toEqual([]);
});
