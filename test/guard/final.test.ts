import { once } from "node:events";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { copyOf, guardClass, guardedCopy } from "./guarded.js";

/** A transport of a logger: it posts its lines without waiting for them, or when it is told to. */
class Lines extends Writable {
  readonly arrived: string[] = [];
  readonly batch: string[] = [];
  refuses = false;
  constructor() {
    super({ objectMode: true });
  }
  override _write(line: string, _: string, done: () => void): void {
    this.log(line);
    done();
  }
  log(line: string): void {
    void this.post([line]);
  }
  async post(lines: string[]): Promise<void> {
    await sleep(20);
    if (this.refuses) throw new Error("refused");
    this.arrived.push(...lines);
  }
  add(line: string): void {
    this.batch.push(line);
  }
  async flush(): Promise<void> {
    await this.post(this.batch.splice(0));
  }
}

/** What had arrived when the stream said 'finish'. */
async function atFinish(stream: Lines, ...lines: string[]): Promise<string[]> {
  for (const line of lines) stream.write(line);
  stream.end();
  await once(stream, "finish");
  return [...stream.arrived];
}

const posts: Roles = { record: ["log"], send: ["post"], batch: "detached", final: true };

describe("a Writable with final", () => {
  test.each([
    { isOwn: true, level: "warn" },
    { isOwn: false, level: "info" },
  ])("that is no method of it says so: $level", async ({ isOwn, level }) => {
    const Client = copyOf(Lines);
    const { guarded, restore } = guardClass(Client, { ...posts, final: "client.flsh" }, {}, isOwn);
    const tell = vi.spyOn(guarded, "tell");
    expect(await atFinish(new Client(), "a")).toEqual(["a"]);
    const reason = `final: "client.flsh" is no method of it, so nothing is called before 'finish'`;
    expect(tell.mock.calls).toEqual([[reason, level]]);
    restore();
  });

  test("unguarded says 'finish' before anything has arrived", async () => {
    expect(await atFinish(new Lines(), "a", "b")).toEqual([]);
  });

  test("says 'finish' when what is in flight has arrived", async () => {
    const { Client, restore } = guardedCopy(Lines, posts);
    expect(await atFinish(new Client(), "a", "b")).toEqual(["a", "b"]);
    restore();
  });

  test("that is a method has it called first, and waits for what that sends", async () => {
    class Batches extends Lines {
      override log(line: string): void {
        this.add(line);
      }
    }
    const roles: Roles = { record: ["log"], flush: ["flush"], batch: "detached", final: "flush" };
    const { Client, restore } = guardedCopy(Batches, roles);
    expect(await atFinish(new Client(), "a", "b")).toEqual(["a", "b"]);
    restore();
  });

  test("that is a function waits for what it gives", async () => {
    const final = (stream: Lines) => sleep(20).then(() => stream.arrived.push("the last"));
    const { Client, restore } = guardedCopy(Lines, { ...posts, final });
    expect(await atFinish(new Client(), "a")).toEqual(["a", "the last"]);
    restore();
  });

  test("calls nothing and waits for nothing while the guard is off", async () => {
    const final = vi.fn();
    const { Client, guarded, restore } = guardedCopy(Lines, { ...posts, final });
    const stream = new Client();
    stream.write("a");
    guarded.enabled = false;
    expect(await atFinish(stream, "b")).toEqual([]);
    expect(final).not.toHaveBeenCalled();
    restore();
  });

  test("says 'finish' also where a send is refused, or the method throws", async () => {
    const { Client, restore } = guardedCopy(Lines, { ...posts, final: "nothing.here" });
    const stream = new Client();
    expect(await atFinish(stream, "a")).toEqual(["a"]);
    restore();
    const thrower = guardedCopy(Lines, {
      ...posts,
      final: () => {
        throw new Error("final");
      },
    });
    expect(await atFinish(new thrower.Client(), "a")).toEqual(["a"]);
    thrower.restore();
  });

  test.each(["flsh", "batch.flush", "nothing.here"])(
    "that is no method, %s: it is said, and 'finish' comes",
    async (final) => {
      const { Client, guarded, restore } = guardedCopy(Lines, { ...posts, final });
      expect(await atFinish(new Client(), "a")).toEqual(["a"]);
      expect([...guarded.reasons]).toEqual([
        `final: "${final}" is no method of it, so nothing is called before 'finish'`,
      ]);
      restore();
    },
  );

  test("says 'finish' when the time of a flush is over", async () => {
    const { Client, restore } = guardedCopy(
      Lines,
      { ...posts, final: () => new Promise(() => {}) },
      { flushTimeoutMs: 50 },
    );
    expect(await atFinish(new Client(), "a")).toEqual(["a"]);
    restore();
  });

  test("does what its own `_final` does, afterwards", async () => {
    const seen: number[] = [];
    class Finishing extends Lines {
      override _final(done: () => void): void {
        seen.push(this.arrived.length);
        done();
      }
    }
    const { Client, guarded, restore } = guardedCopy(Finishing, posts);
    const stream = new Client();
    expect(await atFinish(stream, "a")).toEqual(["a"]);
    expect(seen).toEqual([1]);
    expect(Object.hasOwn(stream, "_final")).toBe(true);
    restore();
    guarded.replacements.undo();
    expect(Object.hasOwn(stream, "_final")).toBe(false);
  });

  test("in which nothing was recorded is as it was", async () => {
    const { Client, restore } = guardedCopy(Lines, posts);
    const stream = new Client();
    expect(await atFinish(stream)).toEqual([]);
    expect(Object.keys(stream)).not.toContain("_final");
    restore();
  });
});
