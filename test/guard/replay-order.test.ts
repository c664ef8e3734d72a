import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { activeGuards } from "../../dist/src/guard/owner/exit.js";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy, methodOf, replayEverything } from "./guarded.js";

/** What it records and when it flushes is up to the test. */
class Client {
  log: string[] = [];
  /** Runs inside each record, once. */
  during: Record<string, (() => void) | undefined> = {};
  /** Runs inside the next flush. */
  flushing: () => unknown = () => undefined;

  record(what: string) {
    this.log.push(what);
    const during = this.during[what];
    this.during[what] = undefined;
    during?.();
  }

  async flush(): Promise<void> {
    const { flushing } = this;
    this.flushing = () => undefined;
    this.log.push("flush");
    await flushing();
    await sleep(2);
    this.log.push("flushed");
  }
}

class Synchronous extends Client {
  override flush(): never {
    const { flushing } = this;
    this.flushing = () => undefined;
    this.log.push("flush");
    flushing();
    this.log.push("flushed");
    return undefined as never;
  }
}

const roles: Roles = { record: ["record"], flush: ["flush"], batch: "hold", returns: "nothing" };
/** The flush that sends what was held, before the caller goes on. */
const AGAIN = ["flush", "flushed"];
const onTheStack: Roles = { ...roles, batch: "on the stack", callsOut: { flush: true } };

describe("replay", () => {
  test("is in the order of the calls, ahead of calls made afterwards", async () => {
    const { Client: Guarded } = guardedCopy(Client, roles);
    const client = new Guarded();
    const flushed = client.flush();
    for (const what of ["a", "b", "c"]) client.record(what);
    await flushed;
    client.record("d");
    expect(client.log).toEqual(["flush", "flushed", "a", "b", "c", ...AGAIN, "d"]);
  });

  test("what was held is made as soon as a record finds that the flush has its batch", async () => {
    class Late {
      buffer: string[] = [];
      record(what: string) {
        this.buffer.push(what);
      }
      async flush(): Promise<void> {
        await sleep(2);
        this.buffer = [];
        await sleep(5);
      }
    }
    const { Client: Guarded } = guardedCopy(Late, { record: ["record"], flush: ["flush"], returns: "nothing" });
    const client = new Guarded();
    client.record("a");
    const flushed = client.flush();
    client.record("b");
    const first = client.buffer;
    while (client.buffer === first) await sleep(1);
    client.record("c");
    expect([first, client.buffer]).toEqual([["a"], ["b", "c"]]);
    await flushed;
  });

  test("a record that a held record makes comes within it", async () => {
    const { Client: Guarded } = guardedCopy(Client, roles);
    const client = new Guarded();
    client.during.a = () => client.record("of a");
    const flushed = client.flush();
    for (const what of ["a", "b"]) client.record(what);
    await flushed;
    expect(client.log).toEqual(["flush", "flushed", "a", "of a", "b", ...AGAIN]);
  });

  test("a flush that a held record asks for comes after the replay", async () => {
    const { Client: Guarded, guarded } = guardedCopy(Client, roles);
    const client = new Guarded();
    client.during.a = () => void client.flush();
    const flushed = client.flush();
    for (const what of ["a", "b"]) client.record(what);
    await flushed;
    await sleep(10);
    expect(client.log).toEqual(["flush", "flushed", "a", "b", "flush", "flushed"]);
    expect(guarded.idle).toBe(true);
  });

  test("never goes into the middle of another guarded call", () => {
    const { Client: Guarded } = guardedCopy(Synchronous, onTheStack);
    const [one, two] = [new Guarded(), new Guarded()];
    one.flushing = () => one.record("held");
    two.during.x = () => {
      void one.flush();
      expect(one.log).toEqual(["flush", "flushed"]);
      one.record("later");
    };
    two.record("x");
    expect(one.log).toEqual(["flush", "flushed", "held", "later"]);
  });

  test("an error handler that records on every failed send does not recurse, and loses nothing", async () => {
    const { Client: Guarded, counters } = guardedCopy(Synchronous, onTheStack);
    const client = new Guarded();
    let errors = 0;
    const record = methodOf(Guarded, "record") as Client["record"];
    // Every record sends, every send fails, every failure records.
    client.record = function (what: string) {
      record.call(this, what);
      this.flushing = () => this.record(`error ${++errors}`);
      void this.flush();
    };
    client.record("first");
    expect(errors).toBeLessThan(5);
    expect(counters.held).toBeGreaterThan(0);
    replayEverything(activeGuards);
    const recorded = client.log.filter((line) => !line.startsWith("flush"));
    expect(recorded.toSorted()).toEqual([...Array.from({ length: errors }, (_, n) => `error ${n + 1}`), "first"]);
  });

  test("what a replay has recorded comes before what is held since, where all is made at once", () => {
    const { Client: Guarded } = guardedCopy(Synchronous, onTheStack);
    const client = new Guarded();
    const sendsOne = (what: string) => () => {
      client.flushing = () => client.record(what);
      void client.flush();
    };
    client.during.held = sendsOne("late");
    client.during.late = () => {
      sendsOne("late again")();
      client.flushing = () => {
        client.record("held since");
        replayEverything(activeGuards);
      };
    };
    client.flushing = () => client.record("held");
    void client.flush();
    void client.flush();
    const recorded = client.log.filter((line) => !line.startsWith("flush"));
    expect(recorded).toEqual(["held", "late", "late again", "held since"]);
  });
});
