import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";

const found = (code: string): string[] => {
  const { findings } = analyse(code);
  if (findings.length > 0) expect(isWorthParsing(code)).toBe(true);
  return findings.map(({ rule, root }) => `${root.name}: ${rule.meta.name}`);
};

describe("a connection is closed at once", () => {
  const appender = (send: string, close = "socket.close(done);") => `const dgram = require("dgram");
    function appender() {
      const socket = dgram.createSocket("udp4");
      function post(packet) { socket.send(packet, 514, (error) => report(error)); }
      const app = (line) => { ${send} };
      app.shutdown = function (done) { ${close} };
      return app;
    }`;
  const FOUND = ["shutdown: closes-before-sent"];

  it.each([
    ["while a line is compressed", "zlib.gzip(line, (error, packet) => { post(packet); });"],
    ["while it is compressed by what gives a promise", "compress(line).then((packet) => post(packet));"],
    ["while it is written itself", "zlib.gzip(line, (error, packet) => { socket.send(packet, 514); });"],
  ])("%s", (_, send) => {
    expect(found(appender(send))).toEqual(FOUND);
  });

  it("while a line waits for it", () => {
    const connection = (close: string) => `const net = require("net");
      class Connection {
        constructor() { this.socket = net.connect(514, () => { this.connected = true; }); }
        send(line) { if (this.connected) this.socket.write(line); else setTimeout(() => this.send(line), 500); }
        destroy() { ${close} }
      }`;
    expect(found(connection("this.socket.end();"))).toEqual(["destroy: closes-before-sent"]);
    expect(found(connection("if (this.waiting === 0) this.socket.end();"))).toEqual([]);
    expect(found(connection("setTimeout(() => this.socket.end(), 1000);"))).toEqual([]);
  });

  it.each([
    ["a line is written at once", "post(line);", undefined],
    ["it waits", "zlib.gzip(line, (error, packet) => post(packet));", "await idle(); socket.close();"],
    ["it closes another", "zlib.gzip(line, (error, packet) => post(packet));", "other.close(done);"],
    ["what is written later is nobody's", "setInterval(() => post(PING), 1000);", undefined],
    ["an answer is given to who asks", "socket.on('message', (packet) => { post(packet); });", undefined],
  ])("not: %s", (_, send, close) => {
    expect(found(appender(send, close).replace("function (done)", "async function (done)"))).toEqual([]);
  });
});

describe("a close sends what waits, and not what a timer has taken", () => {
  const transport = (send: string, close: string) => `module.exports = (client) => {
    let lines = []; let timer = null;
    function send() { ${send} }
    return build((source) => { source.on("data", (line) => { lines.push(line); timer ??= setImmediate(send); }); }, {
      async close() { ${close} },
    });
  }`;
  const SEND = "client.ingest(lines).catch(() => {}); lines = []; timer = null;";
  const CLOSE = "if (lines.length > 0) { clearImmediate(timer); await client.ingest(lines); }";

  it("and that nobody waits for", () => {
    expect(found(transport(SEND, CLOSE))).toEqual(["close: leaves-what-is-sent"]);
  });

  it.each([
    ["it waits for that too", SEND.replace("client", "last = client"), `await last; ${CLOSE}`],
    ["it says so whatever is there", SEND, "clearImmediate(timer); await client.ingest(lines);"],
    ["the timer only looks", "log(lines.length);", CLOSE],
  ])("not: %s", (_, send, close) => {
    expect(found(transport(send, close))).not.toContain("close: leaves-what-is-sent");
  });
});

describe("a Writable calls back before its client has sent", () => {
  const FOUND = ["log: finishes-early"];

  it("within a scope that runs at once", () => {
    const code = `class T extends Transport { log(info, callback) {
      if (this.silent) return callback();
      this.client.withScope((scope) => { scope.tag(info.level); this.client.capture(info.message); callback(); }); } }`;
    expect(found(code)).toEqual(FOUND);
    expect(found(code.replace("this.client.withScope", "this.client.ready"))).toEqual([]);
  });

  it("in a class that TypeScript has made of one with a parent in a namespace", () => {
    const code = `var winston = require("winston");
      var T = (function (_super) { __extends(T, _super); function T() { return _super.call(this) || this; }
        T.prototype.log = function (level, text, meta, callback) { this.client.capture(text); callback(null, true); };
        return T; }(winston.Transport));`;
    expect(found(code)).toEqual(FOUND);
    expect(found(code.replace("winston.Transport", "winston.Formatter"))).toEqual([]);
  });

  it("not where it ends itself when the client has sent", () => {
    const code = (end: string) =>
      `class T extends Transport { log(info, callback) { client.capture(info); callback(); } ${end} } const client = make();`;
    expect(found(code(""))).toEqual(FOUND);
    expect(found(code("end() { this.open = false; }"))).toEqual(FOUND);
    expect(found(code("end(...args) { client.flush().then(() => super.end(...args)); return this; }"))).toEqual([]);
  });

  it("and its client tells by a callback what became of a line", () => {
    const code = (call: string) => `new Writable({ write: (line, encoding, callback) => { ${call} callback(); } });
      const client = make(); const other = make();`;
    expect(found(code("client.emit('log', line, (error) => { if (error) report(error); });"))).toEqual([
      "write: finishes-early",
    ]);
    expect(found(code("client.emit('log', line);"))).toEqual([]);
    expect(found(code("other.each(line, (item) => count(item));"))).toEqual([]);
  });
});
