import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";
import { isWorthParsing } from "../../dist/src/scan/source/worth.js";

const found = (code: string): string[] => {
  const { findings } = analyse(code);
  if (findings.length > 0) expect(isWorthParsing(code)).toBe(true);
  return findings.map(({ rule, root }) => `${root.name}: ${rule.meta.name}`);
};

describe("a connection is cut off with what was just written to it", () => {
  const client = (send: string, close: string, made = 'dgram.createSocket("udp4")') => `
    class Client {
      constructor(port, host) { this.port = port; this.host = host; this.socket = ${made}; }
      increment(name, callback) { const line = Buffer.from(name); ${send} }
      close(done) { ${close} }
      ended(callback) { callback(); }
    }`;
  const SEND = "this.socket.send(line, this.port, this.host);";
  const CLOSE = "this.socket.close(done);";
  const FOUND = ["close: cuts-off-writes"];
  const TCP = "net.createConnection(514)";

  it.each([
    ["a datagram whose host is looked up", SEND, CLOSE, undefined],
    [
      "of a socket that may not be there",
      SEND,
      "if (this.socket) { this.socket.close(); this.socket = null; }",
      undefined,
    ],
    [
      "by way of a variable",
      "let socket; if (this.socket) socket = this.socket; socket.send(line, 1, 2);",
      CLOSE,
      undefined,
    ],
    ["a line of a stream that is destroyed", "this.socket.write(line);", "this.socket.destroy();", TCP],
  ])("%s", (_, send, close, made) => {
    expect(found(client(send, close, made))).toEqual(FOUND);
  });

  it.each([
    ["it waits", SEND, "await this.sent(); this.socket.close();", undefined],
    ["it asks what is pending", SEND, "if (this.pending === 0) this.socket.close();", undefined],
    ["it closes a little later", SEND, "setTimeout(() => this.socket.close(), 100);", undefined],
    ["who records is told when it is sent", "this.socket.send(line, 1, 2, callback);", CLOSE, undefined],
    ["the socket is connected: no host is looked up", "this.socket.send(line);", CLOSE, undefined],
    ["a stream ends when it has written all", "this.socket.write(line);", "this.socket.end();", TCP],
    [
      "it is destroyed when it has ended",
      "this.socket.write(line);",
      "this.socket.end(() => this.socket.destroy());",
      TCP,
    ],
  ])("not: %s", (_, send, close, made) => {
    const code = client(send, close, made);
    expect(found(close.startsWith("await") ? code.replace("close(done)", "async close()") : code)).toEqual([]);
  });

  it("that is given to the function which sends", () => {
    const code = (given: string) => `
      function post(socket, line) { socket.send(line, 514, "localhost", (error) => report(error)); }
      module.exports = () => {
        const udp = dgram.createSocket("udp4"); const other = make();
        function log(event) { post(${given}, event); }
        log.shutdown = (done) => udp.close(done);
        return log;
      };`;
    expect(found(code("udp"))).toEqual(["log.shutdown: cuts-off-writes"].map((name) => name.replace("log.", "")));
    expect(found(code("other"))).toEqual([]);
  });

  it("of redis, which has another way to end it", () => {
    const code = (close: string) => `class T extends Transport {
      constructor(options) { super(); this.redis = options.redis || redis.createClient(options); }
      log(info, callback) { this.redis.lpush("log", info.message, callback); }
      close() { ${close} } }
      const Transport = require("winston").Transport; setImmediate(() => {});`;
    expect(found(code("this.redis.end(false);"))).toEqual(FOUND);
    expect(found(code("this.redis.quit();"))).toEqual([]);
  });
});

describe("a connection is closed with what waits for it in a buffer", () => {
  const connection = (send: string, close: string) => `
    class Connection {
      constructor() { this.waiting = []; this.socket = new WebSocket(URL); this.socket.on("open", () => this.opened()); }
      opened() { this.ready = true; for (const message of this.waiting) this.post(message); this.waiting = []; }
      post(message) { this.socket.send(message); }
      send(message) { ${send} }
      close() { ${close} }
    }`;
  const SEND = "if (this.ready) this.post(message); else this.waiting.push(message);";

  it.each([
    ["at once", SEND, "this.socket.close();"],
    ["if it is there", SEND, "this.stopped = true; if (this.socket) this.socket.close();"],
    [
      "and all is kept until it is answered",
      "this.waiting.push(message); if (this.ready) this.post(message);",
      "this.socket.end();",
    ],
  ])("%s", (_, send, close) => {
    expect(found(connection(send, close))).toEqual(["close: leaves-what-waits"]);
  });

  it.each([
    ["it sends what waits", SEND, "this.opened(); this.socket.close();"],
    [
      "it asks whether something waits",
      SEND,
      "if (this.waiting.length === 0) this.socket.close(); else this.closing = true;",
    ],
    ["it closes another", SEND, "this.other.close();"],
    ["nothing is kept", "if (this.ready) this.post(message);", "this.socket.close();"],
  ])("not: %s", (_, send, close) => {
    expect(found(connection(send, close))).toEqual([]);
  });
});

describe("another object's flush is left alone", () => {
  const reporter = (method: string) => `class Reporter {
    constructor(client) { this.client = client; this.log = client.log; } ${method} }`;

  it.each([
    ["in a flush", "async flush() { this.client.flush(); }", "flush"],
    ["when it calls back", "shutdown(done) { this.client.quit(); done(); }", "shutdown"],
    [
      "when it is shut down",
      "async shutdown() { this.stopped = true; if (this.client) this.client.closeAndFlush(); }",
      "shutdown",
    ],
  ])("%s", (_, method, name) => {
    expect(found(reporter(method))).toEqual([`${name}: flushes-unwaited`]);
  });

  it.each([
    ["it is awaited", "async flush() { await this.client.flush(); }"],
    ["it is returned", "async flush() { return this.client.flush(); }"],
    ["something is awaited behind it", "async flush() { this.client.flush(); await this.client.idle(); }"],
    [
      "a promise is made that waits",
      "async flush() { this.client.flush(); return new Promise((done) => this.client.once('idle', done)); }",
    ],
    ["it calls back", "async flush() { this.client.flush(() => {}); }"],
    ["it calls back when that is over", "shutdown(done) { this.client.flush().then(() => done()); }"],
    ["nobody can wait", "flush() { this.client.flush(); }"],
    ["a logger writes at once", "async flush() { this.log.flush(); }"],
  ])("not: %s", (_, method) => {
    expect(found(reporter(method))).toEqual([]);
  });
});
