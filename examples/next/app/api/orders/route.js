import { createMetricsLogger, Unit } from "aws-embedded-metrics";

export const dynamic = "force-dynamic";

// One logger for all requests: a request records while the flush of another is sending.
globalThis.metrics ??= createMetricsLogger();

export async function GET() {
  globalThis.metrics.putMetric("orders", 1, Unit.Count);
  void globalThis.metrics.flush();
  return Response.json({ ok: true });
}
