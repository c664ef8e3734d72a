import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { more } from "../senders/more.mjs";
import { ITEM, senders } from "../senders/senders.mjs";
import { startServer } from "../senders/server.mjs";
import { clientsOf } from "../slow.js";

const APP = fileURLToPath(new URL("./app.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
/** Over what the guard gives a flush here. Over a client's own time-out, it sends again what has arrived meanwhile. */
const FREEZE_MS = Number(process.env.FREEZE_MS ?? 3_500);
/** The shortest of the clients' own time-outs. */
const CLIENTS_MS = 5_000;
const LIMIT_MS = FREEZE_MS > 30_000 ? 30_000 : 800;
/** Apps that are frozen at the same time. */
const RUNS = Number(process.env.RUNS ?? 1);
/** The server answers while the app is frozen, or when it is back. */
const LATENCY_MS = 150;
/** By then a connection without a request is closed, which the app does not see before it is back. */
const KEEP_ALIVE_MS = 2_000;

const clients = { ...senders, ...more };

type Moment = "sending" | "waiting";

/** @returns how many records have arrived of how many, when the app has exited */
async function run(client: string, moment: Moment, guarded: boolean): Promise<[number, number]> {
  const { answer, status, countIn, batch } = clients[client] as (typeof clients)[string];
  const server = await startServer({
    latencyMs: LATENCY_MS,
    keepAliveMs: KEEP_ALIVE_MS,
    of: ITEM,
    ...(answer !== undefined && { answer }),
    ...(status !== undefined && { status }),
  });
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    FLUSHGUARD: guarded ? "on" : "off",
    FLUSHGUARD_FLUSH_TIMEOUT_MS: String(LIMIT_MS),
    SERVER_URL: server.url,
  };
  const args = [...(guarded ? ["--import", REGISTER] : []), APP, client, moment];
  const app = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(app, "exit");
  const watch = setTimeout(() => app.kill("SIGKILL"), FREEZE_MS + 30_000);
  try {
    app.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("frozen")) setTimeout(() => app.kill("SIGCONT"), FREEZE_MS);
    });
    const [code, signal] = await exited;
    if (code !== 0) throw new Error(`it ended with ${code ?? signal}`);
    while ((await server.open()) > 0) await sleep(20);
    const accepted = (await server.take()).filter((request) => request.accepted);
    return [accepted.reduce((sum, { body }) => sum + countIn(body), 0), 2 * batch];
  } finally {
    clearTimeout(watch);
    server.close();
  }
}

const names = clientsOf(["unleash-client", "flagsmith-nodejs", "@opentelemetry/sdk-trace-base"], Object.keys(clients));
const cases = names.flatMap((client) => (["sending", "waiting"] as const).map((moment) => ({ client, moment })));

describe("an app that is frozen for longer than a flush may take", () => {
  test.each(cases)(
    "$client, $moment: has delivered everything when it exits",
    async ({ client, moment }) => {
      const runs = await Promise.all(Array.from({ length: RUNS }, () => run(client, moment, true)));
      for (const [delivered, recorded] of runs) {
        if (FREEZE_MS > CLIENTS_MS) expect(delivered).toBeGreaterThanOrEqual(recorded);
        else expect(delivered).toBe(recorded);
      }
    },
    FREEZE_MS + 60_000,
  );
});
