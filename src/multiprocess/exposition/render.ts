import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import Negotiator from "negotiator";
import type { Family } from "../family.js";
import { Turns } from "../slices.js";
import { openMetricsText } from "./open-metrics-text.js";
import { prometheusText } from "./prometheus-text.js";

const compress = promisify(gzip);

const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** The first is for those who do not mind. Prometheus 3 asks for an escaping of names: these names need none. */
const FORMATS = [
  { contentType: "text/plain; version=0.0.4; charset=utf-8", write: prometheusText },
  { contentType: OPEN_METRICS, write: openMetricsText },
  { contentType: `${OPEN_METRICS}; escaping=allow-utf-8`, write: openMetricsText },
  { contentType: `${OPEN_METRICS}; escaping=underscores`, write: openMetricsText },
] as const;

/** What a scraper says it can read, in the words of its request headers. */
export interface Wanted {
  /** `Accept`. Absent: the text format 0.0.4. */
  accept?: string | undefined;
  /** `Accept-Encoding`. Absent: not compressed. */
  acceptEncoding?: string | undefined;
}

/** The answer to a scrape. */
export interface Rendered {
  contentType: string;
  contentEncoding?: "gzip";
  body: string | Buffer;
}

/**
 * Writes a merged view in the format that a scraper prefers: Prometheus text 0.0.4, or OpenMetrics 1.0, which has the
 * exemplars. Who accepts neither gets the text format all the same.
 */
export async function render(families: readonly Family[], { accept, acceptEncoding }: Wanted = {}): Promise<Rendered> {
  const headers = {
    ...(accept === undefined ? {} : { accept }),
    ...(acceptEncoding === undefined ? {} : { "accept-encoding": acceptEncoding }),
  };
  const negotiator = new Negotiator({ headers });
  const preferred = negotiator.mediaType(FORMATS.map(({ contentType }) => contentType));
  const { contentType, write } = FORMATS.find((format) => format.contentType === preferred) ?? FORMATS[0];
  const text = await new Turns().take(write(families));
  if (negotiator.encoding(["gzip", "identity"]) !== "gzip") return { contentType, body: text };
  const body = await compress(text, { level: constants.Z_BEST_SPEED });
  return { contentType, contentEncoding: "gzip", body };
}
