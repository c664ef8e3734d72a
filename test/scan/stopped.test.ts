import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";

const found = (code: string): string[] =>
  analyse(code).findings.map(({ rule, root }) => `${root.name}: ${rule.meta.name}`);

const START = "this.timer = setInterval(() => this.flush(), 1000);";
const FLUSH = "flush() { const items = this.queue; this.queue = []; post(items); }";

const client = (start: string, methods: string): string => `
class Client {
  constructor() { this.queue = []; ${start} }
  record(item) { this.queue.push(item); }
  ${methods}
}`;

describe("a timer that sends a buffer, stopped by a method that does not send what is left", () => {
  it.each([
    ["an arrow", START],
    ["a bound method", "this.timer = setInterval(this.flush.bind(this), 1000);"],
    ["one that keeps no process alive", "this.timer = setInterval(() => this.flush(), 1000).unref();"],
    [
      "a function of its own",
      "const self = this; this.timer = setInterval(function () { if (self.queue.length) self.flush(); }, 9);",
    ],
  ])("%s", (_, start) => {
    expect(found(client(start, `${FLUSH} close() { clearInterval(this.timer); }`))).toContain("close: stopped-unsent");
  });

  it("in a constructor function", () => {
    const code = `function Queue(send) { this.send = send; this.lines = []; var self = this; this.timer = setInterval(function () { self.ship(); }, 9); }
      Queue.prototype.write = function (line) { this.lines.push(line); };
      Queue.prototype.ship = function () { var text = this.lines.join("\\n"); var packet = Buffer.from(text); this.send(packet, 0, packet.length); this.lines = []; };
      Queue.prototype.destroy = function () { clearInterval(this.timer); };`;
    expect(found(code)).toEqual(["destroy: stopped-unsent"]);
  });

  it("what it sends is kept to be added to", () => {
    const metrics = (publish: string) => `class Registry {
      constructor() { this.metrics = new Map(); this.timer = setTimeout(() => this.PUBLISH(), 1000); }
      count(name, value) { this.metrics.set(name, value); }
      PUBLISH() { ${publish} }
      stop() { clearTimeout(this.timer); }
    }`;
    const all = "for (const metric of this.metrics.values()) this.observers.post(metric);";
    expect(found(metrics(all).replaceAll("PUBLISH", "publish"))).toEqual(["stop: stopped-unsent"]);
    expect(found(metrics(all).replaceAll("PUBLISH", "expire"))).toEqual([]);
    expect(found(metrics("log(this.metrics.size);").replaceAll("PUBLISH", "publish"))).toEqual([]);
  });

  it.each([
    ["it is sent first", `${FLUSH} close() { clearInterval(this.timer); return this.flush(); }`],
    ["it is read", `${FLUSH} close() { clearInterval(this.timer); return JSON.stringify(this.queue); }`],
    ["another file sends it", `${FLUSH} close() { clearInterval(this.timer); return this.parent.flushAll(); }`],
    ["the timer sends nothing", "flush() { log(this.queue.length); } close() { clearInterval(this.timer); }"],
    ["it is another timer", `${FLUSH} close() { clearInterval(this.other); }`],
    [
      "it is a count",
      "flush() { post(this.tries); this.tries = 0; } retry() { this.tries++; } close() { clearInterval(this.timer); }",
    ],
    [
      "the client itself pauses by it",
      `${FLUSH} close() { clearInterval(this.timer); } fail() { this.close(); later(() => this.start()); }`,
    ],
    [
      "it is a part of what ends it",
      `${FLUSH} stop() { clearInterval(this.timer); } close() { this.stop(); return this.flush(); }`,
    ],
    ["it is no end", `${FLUSH} pause() { clearInterval(this.timer); }`],
  ])("not where %s", (_, methods) => {
    expect(found(client(START, methods))).toEqual([]);
  });
});
