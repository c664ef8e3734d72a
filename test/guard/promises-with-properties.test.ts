import { describe, expect, test } from "vitest";
import { result } from "./child.js";

/** What puts a property on every promise that is made. */
const PUTS = {
  "node:domain": `
    import domain from "node:domain";
    const inside = domain.create();
    inside.on("error", (error) => told.push("domain: " + error.message));
    const begin = (main) => inside.run(main);`,
  "an agent's async_hooks": `
    import { createHook } from "node:async_hooks";
    createHook({ init(id, type, trigger, resource) { if (type === "PROMISE") resource.agent = id; } }).enable();
    const begin = (main) => main();`,
} as const;

/** Two flushes overlap, one records meanwhile, and one is refused that nobody waits for. */
function program(put: string, guarded: boolean): string {
  return `${put}
    const told = [];
    const sent = [];
    let refuses = false;
    class Client {
      buffer = [];
      record(value) { this.buffer.push(value); }
      async flush() {
        const batch = [...this.buffer];
        await sleep(5);
        if (refuses) throw new Error("refused");
        sent.push(...batch);
        this.buffer = [];
      }
    }
    process.on("unhandledRejection", (error) => told.push("unhandled: " + error.message));
    if (${guarded}) {
      const { guard } = await import(dist + "index.js");
      guard(Client, { record: ["record"], flush: ["flush"], buffers: { buffer: "append" } });
    }
    begin(async () => {
      const client = new Client();
      client.record("before");
      const flushes = [client.flush()];
      client.record("meanwhile");
      flushes.push(client.flush());
      await Promise.all(flushes);
      await client.flush();
      refuses = true;
      client.record("refused");
      client.flush();
      await sleep(30);
      console.log(JSON.stringify({ sent, told }));
    });`;
}

interface Seen {
  sent: string[];
  told: string[];
}

describe.each(Object.entries(PUTS))("with the properties of %s on every promise", (_, put) => {
  test("a flush is guarded, and a refusal that nobody handles is told of as ever", async () => {
    const [unguarded, guarded] = await Promise.all(
      [false, true].map((isGuarded) => result<Seen>(program(put, isGuarded))),
    );
    expect(unguarded?.sent).not.toEqual(["before", "meanwhile"]);
    expect(guarded).toEqual({ sent: ["before", "meanwhile"], told: unguarded?.told });
    expect(guarded?.told).toHaveLength(1);
  });
});
