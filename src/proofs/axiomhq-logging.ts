import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink, type SinkRequest } from "./sinks/http.js";

interface Logging {
  Logger: new (options: object) => { info(message: string): void; flush(): Promise<void> };
  AxiomJSTransport: new (options: object) => object;
}

interface Js {
  AxiomWithoutBatching: new (options: { token: string; url: string }) => object;
}

const LAST = "line during the flush";

type Load = (specifier: string) => unknown;

/** Logs one by one, the last one while a flush waits for those before it. */
async function logsDuringFlush(load: Load): Promise<Outcome> {
  const latencyMs = ({ body }: SinkRequest): number => (body.includes(LAST) ? 300 : 100);
  const sink = await httpSink({ latencyMs, answer: JSON.stringify({ ingested: 1, failed: 0 }) });
  const { Logger, AxiomJSTransport } = (await load("@axiomhq/logging")) as Logging;
  const { AxiomWithoutBatching } = (await load("@axiomhq/js")) as Js;
  const axiom = new AxiomWithoutBatching({ token: "proof", url: sink.url });
  const logger = new Logger({ transports: [new AxiomJSTransport({ axiom, dataset: "proof" })] });
  const lines = new Ledger(
    () => sink.delivered,
    ({ body }) => body.split("\n").map((line) => (JSON.parse(line) as { message: string }).message),
  );
  while (lines.size < 9) logger.info(lines.add(`line ${lines.size}`));
  const flushing = logger.flush();
  while (sink.requests.length < lines.size) await turn();
  logger.info(lines.add(LAST));
  await flushing;
  await logger.flush();
  const outcome = lines.count();
  await sink.close();
  return outcome;
}

/** Proves that `flush()` of @axiomhq/logging waits for what was logged during another. */
export const proof: Proof = {
  module: "@axiomhq/logging",
  scenarios: [
    {
      name: "a line during a flush, then await flush() (CommonJS)",
      hazard: "lost update",
      run: (load: LoadClient) => logsDuringFlush((specifier) => load.require(specifier)),
    },
    {
      name: "a line during a flush, then await flush() (ES module)",
      hazard: "lost update",
      run: (load: LoadClient) => logsDuringFlush((specifier) => load.import(specifier)),
    },
  ],
};
