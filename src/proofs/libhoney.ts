import { type Client, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Honey {
  sendNow(data: { name: string }): void;
  flush(): Promise<void>;
}

type Libhoney = new (options: object) => Honey;

const idsIn: Client["idsIn"] = ({ body }) =>
  (JSON.parse(body) as { data: { name: string } }[]).map(({ data }) => data.name);

/** A status for each event. */
const answer = JSON.stringify(Array(10).fill({ status: 202 }));

function driven(Honey: Libhoney, apiHost: string) {
  const honey = new Honey({ apiHost, writeKey: "proof", dataset: "proof", batchTimeTrigger: 20 });
  return { record: (name: string) => honey.sendNow({ name }), flush: () => honey.flush() };
}

const copies: Client[] = [
  { idsIn, answer, copy: "CommonJS", start: (load, url) => driven(load.require("libhoney") as Libhoney, url) },
  {
    idsIn,
    answer,
    copy: "ES module",
    start: async (load, url) => driven(((await load.import("libhoney")) as { default: Libhoney }).default, url),
  },
];

/** Proves that `flush()` of libhoney waits for the events that another flush waits for. */
export const proof: Proof = {
  module: "libhoney",
  scenarios: copies.flatMap((client) => [secondFlush(client)]),
};
