import { createServer, type IncomingMessage, type Server } from "node:http";
import { prometheusText } from "../exposition/prometheus-text.js";
import { render, type Wanted } from "../exposition/render.js";
import type { Family } from "../family.js";
import { atOnce } from "../slices.js";
import { dropSilent } from "./drop-silent.js";
import { endOf } from "./end-of.js";
import { joined } from "./joined.js";

export interface MetricsServerOptions {
  /** The merged view, as of each scrape. */
  collect(): Promise<readonly Family[]>;
  /** Of these figures `/healthz` gives all. Default: none. */
  health?(): Promise<readonly Family[]>;
  /** Told why a scrape is answered with status 500. */
  onFailure(error: Error): void;
  /** Where the metrics are. Default: only `/metrics`. */
  paths?: readonly string[];
}

export interface MetricsServer {
  server: Server;
  /** Answers what is being asked, and ends. */
  end(): Promise<void>;
}

interface Answer {
  headers: Record<string, string>;
  body: string | Buffer;
}

/** Milliseconds: a scraper asks at once, and one that is gone must not keep its connection, nor one that reads no answer. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };
const STALLED_MS = 60_000;

/** What comes before the path where a proxy asks: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 */
const ORIGIN = /^https?:\/\/[^/?]*/i;

const PLAIN = { "content-type": "text/plain; charset=utf-8" };

/** The same bytes for all that want them so: some may be slow to read. */
async function written(families: readonly Family[], wanted: Wanted): Promise<Answer> {
  const { contentType, contentEncoding, body } = await render(families, wanted);
  const encoding = contentEncoding === undefined ? {} : { "content-encoding": contentEncoding };
  return {
    headers: { "content-type": contentType, vary: "accept, accept-encoding", ...encoding },
    body: typeof body === "string" ? Buffer.from(body) : body,
  };
}

/** An HTTP server, not listening yet, that answers GET and HEAD for the metrics and for `/healthz`, and nothing else. */
export function metricsServer({
  collect,
  health = async () => [],
  onFailure,
  paths = ["/metrics"],
}: MetricsServerOptions): MetricsServer {
  const scrape = joined(async () => ({ families: await collect(), answers: new Map<string, Promise<Answer>>() }));
  const metrics = async ({ headers: { accept, "accept-encoding": acceptEncoding } }: IncomingMessage) => {
    const { families, answers } = await scrape();
    const key = JSON.stringify([accept, acceptEncoding]);
    const answer = answers.get(key) ?? written(families, { accept, acceptEncoding });
    answers.set(key, answer);
    return answer;
  };
  const healthz = joined(async () => ({ headers: PLAIN, body: `ok\n${atOnce(prometheusText(await health()))}` }));
  const pages = new Map([["/healthz", healthz], ...paths.map((path) => [path, metrics] as const)]);

  const server = createServer(LIMITS, (request, response) => {
    const send = (status: number, headers: Record<string, string>, body: string | Buffer) => {
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const page = pages.get(request.url?.replace(ORIGIN, "").split("?", 1)[0] ?? "");
    if (page === undefined) {
      send(404, PLAIN, `not found, the metrics are at ${paths[0]}\n`);
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      send(405, { ...PLAIN, allow: "GET, HEAD" }, "method not allowed\n");
    } else {
      page(request).then(
        ({ headers, body }) => send(200, headers, body),
        (error: Error) => {
          onFailure(error);
          send(500, PLAIN, `${error.message}\n`);
        },
      );
    }
  });
  server.setTimeout(STALLED_MS);
  dropSilent(server);
  return { server, end: endOf(server) };
}
