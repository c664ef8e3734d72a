import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { activeGuards } from "../../dist/src/guard/owner/exit.js";
import type { Limits } from "../../dist/src/guard/owner/guard.js";
import type { Case } from "./cases.js";
import { BEHAVIOURS, type Behaviour, type Client, Sink } from "./clients/sink.js";
import { copyOf, guardClass, replayEverything } from "./guarded.js";

/** How often a property is tried. */
export const RUNS = Number(process.env.FLUSHGUARD_TEST_RUNS ?? 150);

const ACTIONS = ["record", "record", "record", "flush", "flush", "flush", "close"] as const;

interface Step {
  action: (typeof ACTIONS)[number];
  instance: 0 | 1;
}

export interface Story {
  steps: Step[];
  behaviours: Behaviour[];
}

export function stories(behaviours: readonly Behaviour[] = BEHAVIOURS): fc.Arbitrary<Story> {
  return fc.record({
    steps: fc.array(fc.record({ action: fc.constantFrom(...ACTIONS), instance: fc.constantFrom<0 | 1>(0, 1) }), {
      minLength: 1,
      maxLength: 9,
    }),
    behaviours: fc.array(fc.constantFrom(...behaviours), { maxLength: 6 }),
  });
}

export interface Outcome {
  recorded: readonly number[];
  delivered: readonly number[];
  refused: readonly number[];
  left: readonly number[];
  /** What a flush said was done and was not. */
  broken: readonly string[];
  timeouts: number;
  errors: number;
}

/** Plays a story in the order the scheduler chooses, ends with one flush, and tells what became of every record. */
export async function play(
  scheduler: fc.Scheduler,
  { Client: Model, roles, keeps, flush: form }: Case,
  { steps, behaviours }: Story,
  limits: Partial<Limits> | "unguarded" = {},
): Promise<Outcome> {
  const Copy = copyOf(Model);
  const counters = limits === "unguarded" ? undefined : guardClass(Copy, roles, limits).counters;
  const sink = new Sink((label) => scheduler.schedule(Promise.resolve(), label), behaviours);
  const clients: [Client, Client] = [new Copy(sink), new Copy(sink)];
  const recorded: number[] = [];
  const broken: string[] = [];
  const pending = new Set<Promise<unknown>>();

  const record = (client: Client): void => {
    const id = recorded.push(recorded.length);
    const result = client.record(id - 1);
    if (result instanceof Promise) follow(result);
  };
  const follow = (promise: Promise<unknown>): void => {
    const followed: Promise<unknown> = promise.catch(() => {}).finally(() => pending.delete(followed));
    pending.add(followed);
  };
  const flush = (client: Client): void => {
    const before = [...recorded];
    const check = (): void => {
      // How another flush ended is not told to this one's caller: what was in it may be back in the buffer, or on its way again.
      if (sink.hasRefused && roles.batch === "detached") return;
      const back = sink.hasRefused ? clients.flatMap(({ left }) => left) : [];
      const done = [...sink.delivered, ...sink.refused, ...back];
      const missing = before.filter(
        (id) => !done.some((other) => other === id || (keeps === "newest" && other > id && other % 2 === id % 2)),
      );
      if (missing.length > 0) broken.push(`a flush is over without ${missing.join()}`);
    };
    if (form === "promise") follow((client.flush() as Promise<unknown>).then(check));
    else if (form === "callback") follow(new Promise<void>((resolve) => void client.flush(resolve)));
    else client.flush();
  };
  const act = (action: Step["action"], client: Client): void => {
    if (action === "record") record(client);
    else if (action === "flush") flush(client);
    else follow(Promise.resolve(client.close()));
  };

  sink.reenter = {
    record: () => record(clients[0]),
    flush: () => (form === "callback" ? void clients[0].flush(() => {}) : clients[0].flush()),
  };
  for (const [index, { action, instance }] of steps.entries()) {
    const client = clients[roles.owner === undefined ? 0 : instance];
    const label = `${index + 1}: ${action}${roles.owner === undefined ? "" : ` on ${instance}`}`;
    follow(scheduler.schedule(Promise.resolve(), label).then(() => act(action, client)));
  }
  const idle = async (): Promise<void> => {
    for (let turn = 0; turn < 200 && (turn < 3 || pending.size + sink.open > 0); turn++) {
      await scheduler.waitIdle();
      // A replay that a busy machine interrupts goes on after a rest, by a timer.
      const hasTimers = turn % 10 === 9 || (limits !== "unguarded" && limits.flushTimeoutMs !== undefined);
      if (hasTimers) await new Promise((go) => setTimeout(go, 1));
      await setImmediate();
    }
  };
  await idle();
  if (pending.size > 0 && !behaviours.includes("throw")) broken.push(`${pending.size} calls never settled`);
  sink.recover();
  replayEverything(activeGuards);
  for (let last = 0; last < 2; last++) {
    flush(clients[0]);
    await idle();
  }
  return {
    recorded,
    delivered: sink.delivered,
    refused: sink.refused,
    left: clients[0].left,
    broken,
    timeouts: counters?.timeouts ?? 0,
    errors: counters?.errors ?? 0,
  };
}

function isNewest(id: number, ids: readonly number[]): boolean {
  return ids.findLast((other) => other % 2 === id % 2) === id;
}

/** What is wrong with an outcome: what was lost, repeated, left over, out of order or said to be done too early. */
export function faults(keeps: Case["keeps"], outcome: Outcome): string[] {
  const { recorded, delivered, refused, left, broken, timeouts, errors } = outcome;
  const found = [...broken];
  const kept = recorded.filter((id) => !refused.includes(id));
  for (const id of kept) {
    const times = delivered.filter((other) => other === id).length;
    if (times > 1) found.push(`${id} was delivered ${times} times`);
    if (times === 0 && (keeps !== "newest" || isNewest(id, kept))) found.push(`${id} was lost`);
  }
  for (const id of delivered) if (!kept.includes(id)) found.push(`${id} was delivered after it was refused`);
  if (left.length > 0) found.push(`${left.join()} stayed in the buffer`);
  if (keeps === "all-in-order" && delivered.some((id, index) => index > 0 && id < (delivered[index - 1] as number))) {
    found.push(`delivered in the order ${delivered.join()}`);
  }
  if (timeouts > 0) found.push(`${timeouts} flushes timed out`);
  if (errors > 0) found.push(`${errors} errors inside the guard`);
  return found;
}
