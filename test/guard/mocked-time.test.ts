import { mock } from "node:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { guardedCopy } from "./guarded.js";

/** Takes out of its buffer no more than it has sent. */
class Client {
  buffer: string[] = [];
  readonly sent: string[] = [];

  record(name: string): void {
    this.buffer.push(name);
  }

  async flush(): Promise<number> {
    const batch = [...this.buffer];
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    this.sent.push(...batch);
    this.buffer = this.buffer.slice(batch.length);
    return batch.length;
  }
}

/** What moves time by hand: each begins it, and gives what moves it on. */
const clocks: Record<string, () => (ms: number) => void> = {
  "of @sinonjs/fake-timers"() {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    return (ms) => vi.advanceTimersByTime(ms);
  },
  "of node:test"() {
    mock.timers.enable({ apis: ["setTimeout"] });
    return (ms) => mock.timers.tick(ms);
  },
};

afterEach(() => {
  vi.useRealTimers();
  mock.timers.reset();
});

async function flushTwice(client: Client, tick: (ms: number) => void): Promise<unknown> {
  client.record("before");
  const first = client.flush();
  tick(10);
  client.record("meanwhile");
  tick(40);
  const given = [await first];
  const second = client.flush();
  await Promise.resolve();
  tick(50);
  given.push(await second);
  return { given, sent: client.sent, left: client.buffer };
}

describe.each(Object.entries(clocks))("with timers %s", (_, begin) => {
  test("a flush ends when it would, and sends what it would", async () => {
    const guarded = guardedCopy(Client, { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } });
    const tick = begin();
    const expected = { given: [1, 1], sent: ["before", "meanwhile"], left: [] };
    expect(await flushTwice(new Client(), tick)).toEqual(expected);
    expect(await flushTwice(new guarded.Client(), tick)).toEqual(expected);
  });
});
