import { type Client, flushDuringSend, secondFlush } from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

interface Span {
  name: string;
}

interface Module {
  BatchTraceProcessor: new (
    exporter: { export(spans: Span[]): Promise<void> },
    options: { maxQueueSize: number; exportTriggerRatio: number },
  ) => { onSpanEnd(span: Span): Promise<void>; forceFlush(): Promise<void> };
}

/** The client exports whenever more wait than these. */
const FULL = 10;

function driven({ BatchTraceProcessor }: Module, url: string) {
  const exporter = {
    export: async (spans: Span[]) => void (await fetch(url, { method: "POST", body: JSON.stringify(spans) })),
  };
  const processor = new BatchTraceProcessor(exporter, { maxQueueSize: 2 * FULL, exportTriggerRatio: 0.5 });
  return {
    record: (name: string) => void processor.onSpanEnd({ name }),
    flush: () => processor.forceFlush(),
  };
}

const idsIn: Client["idsIn"] = ({ body }) => (JSON.parse(body) as Span[]).map(({ name }) => name);
const name = "@openai/agents-core";
const copies: Client[] = [
  { idsIn, copy: "CommonJS", start: (load, url) => driven(load.require(name) as Module, url) },
  { idsIn, copy: "ES module", start: async (load, url) => driven((await load.import(name)) as Module, url) },
];

/** Proves that `forceFlush()` of @openai/agents-core waits for the spans that are being exported. */
export const proof: Proof = {
  module: name,
  scenarios: copies.flatMap((client) => [secondFlush(client), flushDuringSend(client, { records: FULL + 1 })]),
};
