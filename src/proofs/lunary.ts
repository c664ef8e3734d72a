import { type Client, flushAfterRecords, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Monitor {
  init(options: { appId: string; apiUrl: string }): void;
  trackEvent(type: string, event: string, data: { runId: string }): void;
  flush(): Promise<void>;
}

interface Module {
  default: Monitor;
}

/** The client sends whenever this many wait. */
const CHUNK = 21;

const idsIn: Client["idsIn"] = ({ body }) =>
  (JSON.parse(body) as { events: { runId: string }[] }).events.map(({ runId }) => runId);

function driven({ default: monitor }: Module, apiUrl: string) {
  monitor.init({ appId: "proof", apiUrl });
  return {
    record: (runId: string) => monitor.trackEvent("llm", "start", { runId }),
    flush: () => monitor.flush(),
  };
}

const copies: Client[] = [
  { idsIn, copy: "CommonJS", start: (load, url) => driven(load.require("lunary") as Module, url) },
  { idsIn, copy: "ES module", start: async (load, url) => driven((await load.import("lunary")) as Module, url) },
];

/** Proves that `flush()` of lunary waits for the events that are on their way. */
export const proof: Proof = {
  module: "lunary",
  scenarios: copies.flatMap((client) => [
    secondFlush(client),
    flushAfterRecords(client),
    flushDuringSend(client, { records: CHUNK, later: 9 }),
  ]),
};
