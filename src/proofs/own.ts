import { Ledger } from "./ledger.js";
import type { Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";
import { jsonLinesSink } from "./sinks/json-lines.js";
import { tcpSink } from "./sinks/tcp.js";
import { udpSink } from "./sinks/udp.js";

/** What a scenario of a user's own is given: servers on the loopback interface, and what counts. */
const TOOLS = { Ledger, httpSink, jsonLinesSink, tcpSink, udpSink };

type Drive = (tools: typeof TOOLS) => Promise<Outcome>;

function isOutcome(value: unknown): value is Outcome {
  const { recorded, delivered, distinct } = Object(value) as Partial<Outcome>;
  return [recorded, delivered, distinct].every((count) => Number.isSafeInteger(count));
}

/**
 * The proof in a file of the user's, which exports a function by default. The file is loaded when its scenario runs.
 * @param name what the file is called in tables
 */
export function ownProof(name: string, url: string): Proof {
  const run = async (): Promise<Outcome> => {
    const { default: drive } = (await import(url)) as { default?: Drive };
    if (typeof drive !== "function")
      throw new TypeError(`${name} exports no function by default, expected the scenario`);
    const outcome = await drive(TOOLS);
    if (!isOutcome(outcome)) {
      throw new TypeError(
        `the scenario of ${name} gave ${JSON.stringify(outcome)}, expected what count() of a Ledger gives`,
      );
    }
    return outcome;
  };
  return { module: name, scenarios: [{ name: "scenario", run }] };
}
