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
  _sendMetrics(): void;
  _summarizeMetrics(): void;
}

/** What PutMetricData takes at most, and what is kept at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_DATA = 1000;

/** What was refused and has not been sent again, of each client. */
const refusedBy = new WeakMap<Metric, Datum[]>();
/** Sends of each client that have not been answered. */
const sendingOf = new WeakMap<Metric, Set<Promise<void>>>();

/** Whether CloudWatch said that it has not taken the batch and may later. A send without an answer may have arrived. */
function isRefusal({ name, $metadata: { httpStatusCode = 0 } = {} }: SendError): boolean {
  return httpStatusCode >= 500 || httpStatusCode === 429 || name.startsWith("Throttling");
}

function adapt(metric: Metric, replace: Replace): void {
  const refused = refusedBy.get(metric) ?? [];
  refusedBy.set(metric, refused);
  const sending = sendingOf.get(metric) ?? new Set();
  sendingOf.set(metric, sending);
  replace(metric.cloudwatch, "send", (original: () => Metric["cloudwatch"]["send"]) => {
    const send: Metric["cloudwatch"]["send"] = (command, sent) => {
      let settle = (_error: SendError | null): void => {};
      const answer = new Promise<void>((resolve, reject) => {
        settle = (error) => (error ? reject(error) : resolve());
      });
      const answered: Sent = (error, result) => {
        const { MetricData = [] } = command.input;
        if (error && isRefusal(error) && refused.length + MetricData.length <= MAX_DATA) refused.push(...MetricData);
        sending.delete(answer);
        settle(error);
        return sent(error, result);
      };
      const given = original().call(metric.cloudwatch, command, answered);
      // Only a drain waits for it.
      answer.catch(() => {});
      sending.add(answer);
      return given;
    };
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

/** Sends what a flush leaves, and waits for the answers, of which a flush tells nothing. */
async function sendLeft(metric: Metric): Promise<void> {
  metric._storedMetrics.push(...(refusedBy.get(metric) ?? []).splice(0, MAX_DATA));
  metric._sendMetrics();
  metric._summarizeMetrics();
  const sending = sendingOf.get(metric);
  if (sending !== undefined) await Promise.all(sending);
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
  adapt,
  beforeClose: sendLeft,
  callsOut: { flush: false },
};
