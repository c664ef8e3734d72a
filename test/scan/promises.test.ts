import { describe, expect, it } from "vitest";
import { analyse } from "../../dist/src/scan/analyse.js";

const found = (code: string): string[] =>
  analyse(code).findings.map(({ rule, root }) => `${root.name}: ${rule.meta.name}`);

describe("who records is given the promise of a batch", () => {
  const batcher = (sent: string) => `class Batcher {
    constructor() { this.queue = []; this.promise = null; setInterval(() => this.drain(), 1000); }
    put(record) {
      this.queue.push(record);
      if (this.promise === null) this.promise = new Promise((resolve) => { this.resolve = resolve; });
      return this.promise;
    }
    drain() { const records = this.queue.splice(0); if (!records.length) return; ${sent} }
  }`;

  it("that is kept until the batch has arrived", () => {
    const sent = "post(records).then(this.resolve).then(() => { this.promise = null; });";
    expect(found(batcher(sent))).toEqual(["drain: shares-promise"]);
  });

  it.each([
    ["that is put away with the batch", "const { resolve } = this; this.promise = null; post(records).then(resolve);"],
    ["of which others are not told", "post(records).then(() => { this.last = null; });"],
  ])("not: %s", (_, sent) => {
    expect(found(batcher(sent))).toEqual([]);
  });
});

describe("a flush gives a promise that it has made once", () => {
  const client = (name: string, more = "") => `class Client {
    ${name}() {
      if (!this.flushed) this.flushed = new Promise((resolve) => { this.resolve = resolve; });
      return this.flushed;
    }
    done() { this.resolve(); ${more} }
  }`;

  it("and never again", () => {
    expect(found(client("waitForFlush"))).toEqual(["waitForFlush: keeps-settled-promise"]);
  });

  it.each([
    ["it is made anew", "flush", "this.flushed = null;"],
    ["it is no flush", "ready", ""],
  ])("not: %s", (_, name, more) => {
    expect(found(client(name, more))).toEqual([]);
  });
});

describe("a flush is over before what it hands on has arrived", () => {
  const client = (flush: string) => `class Processor {
    constructor(exporter) { this.exporter = exporter; this.spans = []; }
    onEnd(span) { this.spans.push(span); }
    forceFlush() { ${flush} }
    async drop(spans) { await post(spans); }
  }`;
  const FOUND = ["forceFlush: resolves-unsent"];

  it.each([
    ["a callback that does nothing", "this.exporter.export(spans, () => {}); resolve();"],
    ["a promise that only failures are taken from", "this.exporter.send(spans).catch(report); resolve();"],
    ["a method of its own that waits", "this.drop(spans); resolve();"],
    ["in a context of its own", "context.with(quiet, () => { this.exporter.export(spans, () => {}); resolve(); });"],
  ])("%s", (_, body) => {
    expect(
      found(client(`return new Promise((resolve) => { const spans = this.spans; this.spans = []; ${body} });`)),
    ).toEqual(FOUND);
  });

  it.each([
    ["it is told when", "this.exporter.export(spans, () => { resolve(); });"],
    ["it waits for the promise", "this.exporter.send(spans).then(resolve);"],
    ["it hands nothing on", "this.exporter.tick(1, () => {}); resolve();"],
  ])("not: %s", (_, body) => {
    expect(
      found(client(`return new Promise((resolve) => { const spans = this.spans; this.spans = []; ${body} });`)),
    ).not.toContain(FOUND[0]);
  });
});

describe("a copy of a batch is looked at", () => {
  const client = (before: string) => `class Client {
    write(point) { this.points.add(point); }
    sync() { const all = Array.from(this.points); ${before} this.points.clear(); return post(all).then(log); }
  }`;

  it("before what it was made of is emptied", () => {
    expect(found(client("if (all.length === 0) return Promise.resolve();"))).toEqual(["sync: returns-when-empty"]);
  });
});

it("what is called as a method of streams is looked at where no class is extended", () => {
  const batcher = (parent: string) => `class Batcher ${parent} {
    constructor(callback) { this.callback = callback; this.batches = {}; }
    add(key, item) { if (!this.batches[key]) this.batches[key] = []; this.batches[key].push(item); if (this.batches[key].length > 9) this._flush(key); }
    _flush(key) { this.callback(key, this.batches[key]); delete this.batches[key]; }
  }`;
  expect(found(batcher(""))).toContain("_flush: cleared-after-call");
  expect(found(batcher("extends Transform"))).not.toContain("_flush: cleared-after-call");
});
