import { createRequire } from "node:module";

/**
 * Calls that record into a metric, in CPU nanoseconds each: what is done later is counted too.
 * @param {{ client: string, type: "Counter" | "Gauge" | "Histogram" | "Summary", sets: number, ticks: number, each: number }} args
 *   `each` calls in each of `ticks` ticks of a batch; `sets` label sets in turn, 0 for a metric without labels
 */
export default function promRecord({ client, type, sets, ticks, each }) {
  const Metric = createRequire(import.meta.url)(client)[type];
  const buckets = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
  const metric = new Metric({
    name: "m",
    help: "M.",
    labelNames: sets === 0 ? [] : ["method", "route"],
    ...(type === "Histogram" && { buckets }),
  });
  const routes = Array.from({ length: sets }, (_, i) => `/route/${i}`);
  const record = { Counter: "inc", Gauge: "set", Histogram: "observe", Summary: "observe" }[type];
  let n = 0;
  const one = () => {
    n++;
    const value = type === "Counter" ? 1 : (n % 1000) / 100;
    if (sets === 0) metric[record](value);
    else metric[record]({ method: "GET", route: routes[n % sets] }, value);
  };
  return async () => {
    const before = process.cpuUsage();
    for (let tick = 0; tick < ticks; tick++) {
      for (let i = 0; i < each; i++) one();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / (ticks * each);
  };
}
