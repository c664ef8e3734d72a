import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { senders } from "../senders/senders.mjs";

/** What a server has seen that refused the first request: values, repeats included. */
interface Seen {
  recorded: number;
  sent: number;
  delivered: number;
  /** Errors that the app's flushes gave. */
  failures: string[];
}

const APP = fileURLToPath(new URL("./app.mjs", import.meta.url));
const REGISTER = new URL("../../dist/register.js", import.meta.url).href;

async function run(client: string, guarded: boolean): Promise<Seen> {
  const preload = guarded ? ["--import", REGISTER] : [];
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const env = { ...inherited, FLUSHGUARD: guarded ? "on" : "off" };
  const { stdout } = await promisify(execFile)(process.execPath, [...preload, APP, client], { env });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** Clients that put a refused batch back themselves, and those for which the guard does. */
const keepsItself = ["aws-embedded-metrics", "unleash-client"];
const isKept = [...keepsItself, "flagsmith-nodejs"];

/** Clients whose events come into a batch one after another: how many the refused one had is a matter of time. */
const fillsLater = ["@segment/analytics-node"];

describe.concurrent("a send that is refused once", () => {
  test.for(Object.keys(senders))("%s: stays for the next flush, or what the client does with it", async (client) => {
    const [unguarded, guarded] = [await run(client, false), await run(client, true)];
    if (isKept.includes(client)) {
      expect(guarded).toMatchObject({ sent: 2 * guarded.recorded, delivered: guarded.recorded });
      expect(unguarded.delivered).toBe(keepsItself.includes(client) ? unguarded.recorded : 0);
    } else if (fillsLater.includes(client)) {
      expect(guarded).toEqual({ ...unguarded, sent: expect.any(Number) });
      expect(guarded.sent).toBeGreaterThan(guarded.recorded);
    } else {
      expect(guarded).toEqual(unguarded);
    }
  });
});
