import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A counter of many label sets of which one changes every 10 ms, in CPU milliseconds a second.
 * @param {{ client: string, series: number, calls: number }} args
 */
export default function promSeldom({ client, series, calls }) {
  const { Counter } = createRequire(import.meta.url)(client);
  const counter = new Counter({ name: "m_total", help: "M.", labelNames: ["route"] });
  for (let i = 0; i < series; i++) counter.inc({ route: `/route/${i}` });
  return async () => {
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    for (let call = 0; call < calls; call++) {
      counter.inc({ route: `/route/${(call * 7919) % series}` });
      await sleep(10);
    }
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / (performance.now() - began);
  };
}
