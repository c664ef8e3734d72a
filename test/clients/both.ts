import { expect } from "vitest";
import { result } from "../guard/child.js";

const register = new URL("../../dist/register.js", import.meta.url).href;

/** What the programs begin with: `require`, a sink, and `turn()` for a turn of the loop. */
const PRELUDE = `
import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
const { httpSink } = await import(dist + "proofs/sinks/http.js");
const require = createRequire(process.cwd() + "/");
`;

/** Runs a program without the guard and with it. What it prints last is one JSON document. */
export async function both<T>(program: string): Promise<{ unguarded: T; guarded: T }> {
  const source = `${PRELUDE}${program}\nprocess.exit(0);`;
  const unguarded = await result<T>(source, [], { FLUSHGUARD: "off" });
  const guarded = await result<T>(source, ["--import", register]);
  return { unguarded, guarded };
}

/** The program sees the same with the guard as without. */
export async function same(program: string, seen: unknown): Promise<void> {
  const { unguarded, guarded } = await both(program);
  expect(unguarded).toEqual(seen);
  expect(guarded).toEqual(seen);
}
