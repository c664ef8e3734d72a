import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Roles } from "../../dist/src/target.js";
import { guardedCopy } from "./guarded.js";

interface Answer {
  status: number;
}

/** Whose server's answer is nothing to it, as `fetch` rejects for no status. */
class Client {
  buffer: number[] = [];
  answers: number[] = [];
  delivered: number[] = [];
  /** What the flush is given by the method that it hands its batch to. */
  given: unknown;
  made: unknown;
  record(id: number): void {
    this.buffer.push(id);
  }
  async flush(): Promise<void> {
    const answered = this.send(this.buffer);
    this.given = answered;
    await answered;
    this.buffer = [];
  }
  send(batch: readonly number[]): Promise<Answer> {
    const status = this.answers.shift() ?? 200;
    if (status === 200) this.delivered.push(...batch);
    const answer = sleep(1, { status });
    this.made = answer;
    return answer;
  }
}

const roles: Roles = {
  record: ["record"],
  flush: ["flush"],
  send: ["send"],
  buffers: { buffer: "append" },
  view: true,
  ends: { method: "send" },
};
const failed: Roles = { ...roles, ends: { method: "send", failed: ({ status }: Answer) => status >= 500 } };

describe("what the method gives that a flush hands its batch to", () => {
  test("tells that the batch was refused, and it is sent again", async () => {
    for (const Used of [Client, guardedCopy(Client, failed).Client]) {
      const client = new Used();
      client.answers = [500];
      client.record(1);
      const flushed = client.flush().catch((error: Error) => error.message);
      client.record(2);
      const told = await flushed;
      await client.flush();
      if (Used === Client) expect(client.delivered).not.toContain(1);
      else {
        expect(told).toContain("did not deliver the batch");
        expect(client.delivered).toEqual([1, 2]);
      }
    }
  });

  test("tells nothing of one that was delivered", async () => {
    const client = new (guardedCopy(Client, failed).Client)();
    client.record(1);
    await client.flush();
    expect(client.delivered).toEqual([1]);
    expect(client.buffer).toEqual([]);
  });

  test("is the client's own where the target does not say what a refusal is", async () => {
    const told: Roles = { record: ["record"], flush: ["flush"], buffers: { buffer: "append" }, view: true };
    const client = new (guardedCopy(Client, { ...told, send: [], ends: { method: "send" } }).Client)();
    client.record(1);
    await client.flush();
    expect(client.given).toBe(client.made);
  });

  test("a batch that is left comes back also where the app has thrown the buffer away", async () => {
    const client = new (guardedCopy(Client, failed).Client)();
    client.answers = [500];
    client.record(1);
    const flushed = client.flush().catch(() => {});
    Reflect.set(client, "buffer", undefined);
    await flushed;
    expect(client.buffer).toEqual([1]);
  });
});
