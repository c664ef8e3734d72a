import type { Proof } from "./proof.js";
import { ended, type Transport } from "./winston-logger/ended.js";

interface Module {
  WinstonTransport: new (options: object) => object;
}

const shared: Pick<Transport, "answer" | "linesIn"> = {
  answer: JSON.stringify({ ingested: 1, failed: 0 }),
  linesIn: ({ body }) => body.split("\n").map((line) => (JSON.parse(line) as { message: string }).message),
};

const made = ({ WinstonTransport }: Module, url: string): object =>
  new WinstonTransport({ url, dataset: "proof", token: "proof" });

/** Proves that a logger of winston has 'finish' when its lines have arrived at Axiom. */
export const proof: Proof = {
  module: "@axiomhq/winston",
  beside: ["winston"],
  scenarios: [
    ended(
      { ...shared, make: (load, url) => made(load.require("@axiomhq/winston") as Module, url) },
      "logger.end(), then 'finish' (CommonJS)",
    ),
    ended(
      { ...shared, make: async (load, url) => made((await load.import("@axiomhq/winston")) as Module, url) },
      "logger.end(), then 'finish' (ES module)",
    ),
  ],
};
