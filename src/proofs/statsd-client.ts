import { setTimeout as sleep } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { tcpSink } from "./sinks/tcp.js";
import { type LineSink, nameIn, udpSink } from "./sinks/udp.js";

interface Client {
  increment(name: string): void;
  close(): void;
}

type ClientClass = new (options: {
  /** Absent: UDP. */
  tcp?: true;
  host: string;
  port: number;
  /** Milliseconds between the client's own flushes. */
  socketTimeout?: number;
  /** Idle intervals after which the client closes its socket. */
  socketTimeoutsToClose?: number;
}) => Client;

const FLUSH_MS = 20;
/** Enough for the client to notice what became of its connection, and for a few of its own flushes. */
const WHILE_MS = 4 * FLUSH_MS;
const BURST = 100;

/** One client and the agents that listened on its port, one after the other. */
class Session {
  readonly #client: Client;
  readonly #agents: LineSink[];
  readonly #names = new Ledger(
    () => this.#agents.flatMap(({ lines }) => lines),
    (line) => [nameIn(line)],
  );

  constructor(load: LoadClient, agent: LineSink, idleIntervals: number) {
    const StatsDClient = load.require("statsd-client") as ClientClass;
    this.#agents = [agent];
    this.#client = new StatsDClient({
      tcp: true,
      host: "127.0.0.1",
      port: agent.port,
      socketTimeout: FLUSH_MS,
      socketTimeoutsToClose: idleIntervals,
    });
  }

  static async start(load: LoadClient, idleIntervals = 50): Promise<Session> {
    return new Session(load, await tcpSink(), idleIntervals);
  }

  record(count: number): void {
    const names = this.#names;
    for (let i = 0; i < count; i++) this.#client.increment(names.add(`checkout.requests.served.${names.size}`));
  }

  /** Traffic: a record for each of the client's own flushes. */
  async recordSteadily(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.record(1);
      await sleep(FLUSH_MS);
    }
  }

  /** Waits until the client has nothing more to say. */
  async quiet(): Promise<void> {
    await this.#agent.idle(2 * WHILE_MS);
  }

  async agentStops(): Promise<void> {
    await this.#agent.close();
    await sleep(WHILE_MS);
  }

  async agentIsBack(): Promise<void> {
    this.#agents.push(await tcpSink(this.#agent.port));
  }

  async end(): Promise<Outcome> {
    await this.quiet();
    this.#client.close();
    // The close sends what is left.
    await this.quiet();
    await this.#agent.close();
    return this.#names.count();
  }

  get #agent(): LineSink {
    return this.#agents.at(-1) as LineSink;
  }
}

/** Records and closes, within the second after which the client sends for the first time. */
async function closeAtOnce(load: LoadClient, agent: LineSink, protocol: { tcp?: true }): Promise<Outcome> {
  const StatsDClient = load.require("statsd-client") as ClientClass;
  const client = new StatsDClient({ ...protocol, host: "127.0.0.1", port: agent.port });
  const names = new Ledger(
    () => agent.lines,
    (line) => [nameIn(line)],
  );
  while (names.size < 10) client.increment(names.add(`orders.created.${names.size}`));
  client.close();
  await agent.idle(300);
  const outcome = names.count();
  await agent.close();
  return outcome;
}

/** Before, the option that limits a packet is misspelt inside, and a burst is one packet. */
const TAKES_LIMIT = ">=0.3.0";

/** Proves that statsd-client sends each record once, however its connection comes and goes, and those before a close. */
export const proof: Proof = {
  module: "statsd-client",
  scenarios: [
    {
      name: "close() with 10 records in the buffer (UDP)",
      hazard: "close",
      run: async (load) => closeAtOnce(load, await udpSink(), {}),
    },
    {
      name: "close() with 10 records in the buffer (TCP)",
      hazard: "close",
      run: async (load) => closeAtOnce(load, await tcpSink(), { tcp: true }),
    },
    {
      name: "burst of 100 at start-up",
      hazard: "double send",
      versions: TAKES_LIMIT,
      async run(load) {
        const session = await Session.start(load);
        session.record(BURST);
        return session.end();
      },
    },
    {
      name: "burst of 100 after the idle socket was closed",
      hazard: "lost update",
      versions: TAKES_LIMIT,
      async run(load) {
        const session = await Session.start(load, 2);
        session.record(1);
        await session.quiet();
        session.record(BURST);
        return session.end();
      },
    },
    {
      name: "burst of 100 before the agent is up",
      hazard: "failed send",
      versions: TAKES_LIMIT,
      async run(load) {
        const session = await Session.start(load);
        await session.agentStops();
        session.record(BURST);
        await sleep(WHILE_MS);
        await session.agentIsBack();
        session.record(1);
        return session.end();
      },
    },
    {
      name: "records while the agent restarts",
      hazard: "failed send",
      async run(load) {
        const session = await Session.start(load);
        session.record(1);
        await session.quiet();
        await session.agentStops();
        await session.recordSteadily(10);
        await session.agentIsBack();
        // A connection attempt that is refused stops the client's timer: only a later record starts it again.
        await session.recordSteadily(5);
        return session.end();
      },
    },
  ],
};
