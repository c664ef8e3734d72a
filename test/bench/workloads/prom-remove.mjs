import { createRequire } from "node:module";

/**
 * A label set removed and another one set in every tick, in CPU microseconds a tick.
 * @param {{ client: string, series: number, ticks: number }} args
 */
export default function promRemove({ client, series, ticks }) {
  const { Gauge } = createRequire(import.meta.url)(client);
  const gauge = new Gauge({ name: "g", help: "G.", labelNames: ["id"] });
  let oldest = 0;
  let next = 0;
  while (next < series) gauge.set({ id: next++ }, 1);
  return async () => {
    const before = process.cpuUsage();
    for (let tick = 0; tick < ticks; tick++) {
      gauge.remove({ id: oldest++ });
      gauge.set({ id: next++ }, 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / ticks;
  };
}
