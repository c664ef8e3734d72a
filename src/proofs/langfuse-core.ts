import { type Client, flushDuringRetry, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Langfuse {
  trace(trace: { name: string }): void;
  flushAsync(): Promise<void>;
}

interface Module {
  Langfuse: new (options: object) => Langfuse;
}

interface Body {
  batch: { body: { name: string } }[];
}

/** The client sends whenever this many wait. */
const FLUSH_AT = 15;

const idsIn: Client["idsIn"] = ({ body }) => (JSON.parse(body) as Body).batch.map((event) => event.body.name);

function driven({ Langfuse }: Module, baseUrl: string) {
  const keys = { publicKey: "proof", secretKey: "proof" };
  const client = new Langfuse({ ...keys, baseUrl, flushAt: FLUSH_AT, flushInterval: 60_000, fetchRetryDelay: 200 });
  return {
    record: (name: string) => client.trace({ name }),
    flush: () => client.flushAsync(),
  };
}

const copies: Client[] = [
  { idsIn, copy: "CommonJS", start: (load, url) => driven(load.require("langfuse") as Module, url) },
  { idsIn, copy: "ES module", start: async (load, url) => driven((await load.import("langfuse")) as Module, url) },
];

/** Proves that flushes of langfuse wait for the batches that are on their way. */
export const proof: Proof = {
  module: "langfuse-core",
  beside: ["langfuse"],
  scenarios: copies.flatMap((client) => [
    secondFlush(client),
    flushDuringSend(client, { records: FLUSH_AT }),
    flushDuringRetry(client),
  ]),
};
