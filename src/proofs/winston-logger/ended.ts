import { once } from "node:events";
import { Ledger } from "../ledger.js";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { type HttpSink, type HttpSinkOptions, httpSink, type SinkRequest } from "../sinks/http.js";

type Logger = NodeJS.EventEmitter & { info(line: string): void; end(): void };

interface Winston {
  createLogger(options: { transports: object[] }): Logger;
}

/** A transport of winston that posts lines. */
export interface Transport extends Pick<HttpSinkOptions, "answer"> {
  make(load: LoadClient, url: string): object | Promise<object>;
  linesIn(request: SinkRequest): readonly string[];
}

const LINES = 10;

/** A logger with one transport. */
export function loggerOf(load: LoadClient, transport: object): Logger {
  return (load.require("winston") as Winston).createLogger({ transports: [transport] });
}

/** The lines that arrive at a sink. */
export function linesAt(sink: HttpSink, { linesIn }: Pick<Transport, "linesIn">): Ledger<SinkRequest> {
  return new Ledger(
    () => sink.delivered,
    // Whatever a transport puts around it.
    (request) => linesIn(request).map((line) => /line \d+/.exec(line)?.[0] ?? line),
  );
}

/** Ends a logger and waits for its 'finish', as the documents of winston say. */
export function ended(transport: Transport, name = "logger.end(), then 'finish'"): Scenario {
  const run = async (load: LoadClient): Promise<Outcome> => {
    const { answer } = transport;
    const sink = await httpSink({ latencyMs: 100, ...(answer !== undefined && { answer }) });
    const made = await transport.make(load, sink.url);
    const logger = loggerOf(load, made);
    const lines = linesAt(sink, transport);
    while (lines.size < LINES) logger.info(lines.add(`line ${lines.size}`));
    logger.end();
    await once(logger, "finish");
    const outcome = lines.count();
    await sink.close();
    return outcome;
  };
  return { name, hazard: "close", run };
}
