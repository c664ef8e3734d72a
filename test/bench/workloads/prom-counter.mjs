import { createRequire } from "node:module";

/**
 * Calls of `inc()` on a labelled counter.
 * @param {{ client: string, ticks: number, each: number }} args `each` calls in each of `ticks` ticks of a batch
 */
export default function promCounter({ client, ticks, each }) {
  const { Counter } = createRequire(import.meta.url)(client);
  const counter = new Counter({ name: "requests_total", help: "Requests.", labelNames: ["method", "code"] });
  const methods = ["GET", "POST", "PUT", "DELETE"];
  const codes = ["200", "404", "500"];
  return async () => {
    const began = process.hrtime.bigint();
    for (let tick = 0; tick < ticks; tick++) {
      for (let i = 0; i < each; i++) counter.inc({ method: methods[i & 3], code: codes[i % 3] });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return Number(process.hrtime.bigint() - began) / (ticks * each);
  };
}
