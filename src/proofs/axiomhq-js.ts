import { type Client, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Axiom {
  ingest(dataset: string, events: object[]): void;
  flush(): Promise<void>;
}

interface Module {
  Axiom: new (options: { token: string; url: string }) => Axiom;
}

const idsIn: Client["idsIn"] = ({ body }) =>
  body.split("\n").map((line) => (JSON.parse(line) as { name: string }).name);
/** What the client reads of an answer. */
const answer = JSON.stringify({ ingested: 1, failed: 0 });

function driven({ Axiom }: Module, url: string) {
  const client = new Axiom({ token: "proof", url });
  return {
    record: (name: string) => client.ingest("proof", [{ name }]),
    flush: () => client.flush(),
  };
}

const copies: Client[] = [
  { idsIn, answer, copy: "CommonJS", start: (load, url) => driven(load.require("@axiomhq/js") as Module, url) },
  {
    idsIn,
    answer,
    copy: "ES module",
    start: async (load, url) => driven((await load.import("@axiomhq/js")) as Module, url),
  },
];

/** Proves that `flush()` of @axiomhq/js waits for the events that are on their way. */
export const proof: Proof = {
  module: "@axiomhq/js",
  scenarios: copies.flatMap((client) => [secondFlush(client)]),
};
