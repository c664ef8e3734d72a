import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "../ledger.js";
import type { Hazard, LoadClient, Outcome, Scenario } from "../proof.js";
import { httpSink, type SinkRequest } from "../sinks/http.js";

/** A client that sends to a server on the loopback interface, as an app drives it. */
interface Driven {
  record(id: string): void;
  flush(): Promise<unknown>;
  close?(): Promise<unknown>;
}

/** What the scenarios have to know of a client. */
export interface Client {
  start(load: LoadClient, url: string): Driven | Promise<Driven>;
  /** The values in a request, repeats included; none in one that is about something else. */
  idsIn(request: SinkRequest): readonly string[];
  /** What every request is answered with. Default `{}`. */
  answer?: string;
  /** Headers of every answer. */
  headers?: Readonly<Record<string, string>>;
  /** What is added to the names of scenarios, where a client has two copies. */
  copy?: string;
}

interface Moment {
  name: string;
  hazard: Hazard;
  /** Values that are recorded first. */
  records?: number;
  /** Values that are recorded while those are sent. */
  later?: number;
  /** Whether the first request with values is refused: with 503, or its connection is reset. */
  refused?: boolean | "reset";
  /** The app waits from the tick in which it records. */
  inSameTick?: boolean;
  /** Semver range of the versions that can run it. */
  versions?: string;
}

/** The first values are answered some time before the others, and what has none at once. */
const FIRST_MS = 150;
const LATER_MS = 300;

/** Whether a request carries values. */
function carries(client: Client, request: SinkRequest): boolean {
  try {
    return client.idsIn(request).length > 0;
  } catch {
    return false; // One of another form.
  }
}

/**
 * Records, has what was recorded sent, and counts when the app has waited.
 * @param begin has it sent; absent: the client does so of its own accord
 * @param settle what the app waits for, from the moment the server has the first values unless that is too late
 */
function whileSending(
  client: Client,
  { name, records = 10, later = 0, refused = false, inSameTick = false, ...scenario }: Moment,
  begin: (driven: Driven) => unknown,
  settle: (driven: Driven) => Promise<unknown>,
): Scenario {
  const run = async (load: LoadClient): Promise<Outcome> => {
    const sent: SinkRequest[] = [];
    let arrived = 0;
    const first = refused === "reset" ? 0 : refused ? 503 : 200;
    const sink = await httpSink({
      latencyMs: (request) => {
        if (!carries(client, request)) return 0;
        arrived++;
        return arrived === 1 ? FIRST_MS : LATER_MS;
      },
      ...(client.answer !== undefined && { answer: client.answer }),
      ...(client.headers !== undefined && { headers: client.headers }),
      status: (_, request) => (carries(client, request) && sent.push(request) === 1 ? first : 200),
    });
    const ledger = new Ledger(
      () => sink.delivered.filter((request) => carries(client, request)),
      (request) => client.idsIn(request),
    );
    const driven = await client.start(load, sink.url);
    const record = (count: number): void => {
      for (let i = 0; i < count; i++) driven.record(ledger.add(`value-${ledger.size}`));
    };
    try {
      record(records);
      // Some clients never settle the first where there is a second.
      Promise.resolve(begin(driven)).catch(() => {});
      while (sent.length === 0 && !inSameTick) await turn();
      // Answered, and not sent again yet.
      while (refused && !sink.answered.includes(sent[0] as SinkRequest)) await turn();
      record(later);
      await settle(driven);
      return ledger.count();
    } finally {
      await sink.close();
    }
  };
  return { ...scenario, name: client.copy === undefined ? name : `${name} (${client.copy})`, run };
}

/** A second `await flush()` while the first is sending. */
export function secondFlush(client: Client, moment: Partial<Moment> = {}): Scenario {
  const named: Moment = { name: "second await flush() during a flush", hazard: "early return", ...moment };
  return whileSending(
    client,
    named,
    (driven) => driven.flush(),
    (driven) => driven.flush(),
  );
}

/** `await flush()` for what was recorded while another flush was sending. */
export function flushAfterRecords(client: Client, moment: Partial<Moment> = {}): Scenario {
  const name = "await flush() for what was recorded during a flush";
  return secondFlush(client, { name, later: 10, ...moment });
}

/** `await flush()` while the client sends what it has begun to send itself. */
export function flushDuringSend(client: Client, moment: Partial<Moment> = {}): Scenario {
  const named: Moment = { name: "await flush() while a full batch is sent", hazard: "early return", ...moment };
  return whileSending(
    client,
    named,
    () => undefined,
    (driven) => driven.flush(),
  );
}

/** `await flush()` in the tick in which the client begins to send of its own accord. */
export function flushInSameTick(client: Client, moment: Partial<Moment> = {}): Scenario {
  const name = "await flush() in the tick of a full batch";
  return flushDuringSend(client, { name, inSameTick: true, ...moment });
}

/** `await flush()` while a batch that was refused once waits for the client's own retry. */
export function flushDuringRetry(client: Client, moment: Partial<Moment> = {}): Scenario {
  const name = "await flush() while a refused batch waits for its retry";
  return whileSending(
    client,
    { name, hazard: "early return", refused: true, ...moment },
    (driven) => driven.flush(),
    (driven) => driven.flush(),
  );
}

/** `await close()` while a batch that was refused once waits for the client's own retry. */
export function closeDuringRetry(client: Client, moment: Partial<Moment> = {}): Scenario {
  const name = "await close() while a refused batch waits for its retry";
  return whileSending(
    client,
    { name, hazard: "close", refused: true, ...moment },
    (driven) => driven.flush(),
    (driven) => (driven.close as () => Promise<unknown>)(),
  );
}

/** `await close()` while a flush is sending. */
export function closeDuringFlush(client: Client, moment: Partial<Moment> = {}): Scenario {
  const named: Moment = { name: "await close() during a flush", hazard: "close", ...moment };
  return whileSending(
    client,
    named,
    (driven) => driven.flush(),
    (driven) => (driven.close as () => Promise<unknown>)(),
  );
}

/** `await close()` while the client sends what it has begun to send itself. */
export function closeDuringSend(client: Client, moment: Partial<Moment> = {}): Scenario {
  const named: Moment = { name: "await close() while a full batch is sent", hazard: "close", ...moment };
  return whileSending(
    client,
    named,
    () => undefined,
    (driven) => (driven.close as () => Promise<unknown>)(),
  );
}
