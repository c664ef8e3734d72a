import { Ledger } from "../ledger.js";
import { type HttpSink, type HttpSinkOptions, httpSink, type SinkRequest } from "../sinks/http.js";

interface ExportResult {
  /** 0 for success, 1 for failure. */
  code: number;
  error?: Error;
}

/** What the SDKs of OpenTelemetry call an exporter, whatever the signal. */
export interface Exporter<Payload> {
  export(payload: Payload, done: (result: ExportResult) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** An exporter and the server it posts to. */
export interface ExporterSink<Payload> {
  exporter: Exporter<Payload>;
  http: HttpSink;
  /** The names of the values that the app records, and of those that the server has answered. */
  names: Ledger<SinkRequest>;
}

/**
 * Starts a server on the loopback interface, and makes an exporter that posts to it.
 * @param namesIn the names of the values in what is exported
 */
export async function exporterSink<Payload>(
  namesIn: (payload: Payload) => readonly string[],
  options: HttpSinkOptions = {},
): Promise<ExporterSink<Payload>> {
  const http = await httpSink(options);
  const failure = (error: Error): ExportResult => ({ code: 1, error });
  const post = async (payload: Payload): Promise<ExportResult> => {
    try {
      const response = await fetch(http.url, { method: "POST", body: JSON.stringify(namesIn(payload)) });
      await response.arrayBuffer();
      return response.ok ? { code: 0 } : failure(new Error(`the server answered ${response.status}`));
    } catch (error) {
      return failure(error as Error);
    }
  };
  let isShutDown = false;
  return {
    http,
    exporter: {
      export(payload, done) {
        if (isShutDown) done(failure(new Error("the exporter has been shut down")));
        else void post(payload).then(done);
      },
      forceFlush: async () => {},
      shutdown: async () => {
        isShutDown = true;
      },
    },
    names: new Ledger(
      () => http.delivered,
      ({ body }) => JSON.parse(body) as string[],
    ),
  };
}
