import { expect, test } from "vitest";
import { guard } from "../../dist/src/index.js";

class Metrics {
  bucket: Record<string, number> = {};
  readonly name = "metrics";
  private hidden: number[] = [];
  count(): void {
    this.hidden.push(1);
  }
  async flush(): Promise<void> {
    this.hidden = [];
  }
}

/** Never called: what TypeScript says of it is the test. */
function declared(metrics: Metrics, untyped: object): void {
  guard(Metrics, { record: ["count"], flush: ["flush"], buffers: { bucket: "sum" } });
  guard(metrics, { record: ["count"], flush: ["flush"] });
  guard(Metrics, { flush: ["flush"], owner: "bucket.inner", buffers: { anywhere: "append" } });
  guard<object>(Metrics, { record: ["count"], flush: ["flush"], buffers: { hidden: "append" } });
  guard(untyped, { flush: ["whatever"] });
  // @ts-expect-error: misspelt
  guard(Metrics, { record: ["cuont"], flush: ["flush"] });
  // @ts-expect-error: a field is no method
  guard(Metrics, { flush: ["name"] });
  // @ts-expect-error: a method is no field
  guard(Metrics, { flush: ["flush"], buffers: { count: "sum" } });
  // @ts-expect-error: not there
  guard(metrics, { flush: ["flush"], buffers: { buckets: "sum" } });
  // @ts-expect-error: no rule of that name
  guard(metrics, { flush: ["flush"], buffers: { bucket: "add" } });
}

test("what TypeScript lets through is guarded", () => {
  expect(declared).toBeTypeOf("function");
  const handle = guard(Metrics, { record: ["count"], flush: ["flush"] });
  expect(handle.guarded).toBe(true);
  handle.restore();
});
