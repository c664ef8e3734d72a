import type { Replace, Target } from "../target.js";

type Datum = object;

interface SendError {
  name: string;
  $metadata?: { httpStatusCode?: number };
}

interface Command {
  input: { MetricData?: Datum[] };
}

type Sent = (error: SendError | null, result?: unknown) => unknown;

interface Metric {
  _storedMetrics: Datum[];
  cloudwatch: { send(command: Command, sent: Sent): unknown };
}

/** What PutMetricData takes at most, and what is kept at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_DATA = 1000;

/** What was refused and has not been sent again, of each client. */
const refusedBy = new WeakMap<Metric, Datum[]>();

/** Whether CloudWatch said that it has not taken the batch and may later. A send without an answer may have arrived. */
function isRefusal({ name, $metadata: { httpStatusCode = 0 } = {} }: SendError): boolean {
  return httpStatusCode >= 500 || httpStatusCode === 429 || name.startsWith("Throttling");
}

function keepRefused(metric: Metric, replace: Replace): void {
  const refused = refusedBy.get(metric) ?? [];
  refusedBy.set(metric, refused);
  replace(metric.cloudwatch, "send", (original: Metric["cloudwatch"]["send"]) => {
    const send: Metric["cloudwatch"]["send"] = (command, sent) =>
      original.call(metric.cloudwatch, command, (error, result) => {
        const { MetricData = [] } = command.input;
        if (error && isRefusal(error) && refused.length + MetricData.length <= MAX_DATA) refused.push(...MetricData);
        return sent(error, result);
      });
    return send;
  });
}

/** Adds what was refused to what is about to be sent, so that no request is made that the client would not make itself. */
function addRefused(metric: Metric): void {
  const refused = refusedBy.get(metric) ?? [];
  if (metric._storedMetrics.length === 0) return;
  const room = Math.max(0, MAX_DATA - metric._storedMetrics.length);
  metric._storedMetrics = [...refused.splice(0, room), ...metric._storedMetrics];
}

/**
 * Run: 1.3.3. Read: 1.1.0 and 1.2.0, which call another AWS SDK and have no `shutdown`.
 *
 * A batch is out of the buffer before it is sent, and what becomes of it is told to `sendCallback` alone. What is put after
 * `shutdown` stays in the buffer, as in the client itself.
 */
export const target: Target = {
  module: "cloudwatch-metrics",
  versions: ">=1.3.3 <2",
  file: "index.js",
  export: "Metric",
  flush: ["_sendMetrics"],
  use: ["put", "summaryPut", "sample"],
  batch: "detached",
  prepare: addRefused,
  adapt: keepRefused,
  callsOut: { flush: false },
};
