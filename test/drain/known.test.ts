import { expect, test } from "vitest";
import { App } from "./app.js";
import { openSink } from "./sink.js";

test("a client whose records are not guarded is known by its use", async () => {
  const sink = await openSink();
  const app = new App("ends.cjs", { drain: "on", sink, clients: "otel-logs", env: { WAY: "nothing" } });
  const { code } = await app.ended();
  await sink.close();
  expect({ code, delivered: sink.distinct() }).toEqual({ code: 0, delivered: 10 });
});
