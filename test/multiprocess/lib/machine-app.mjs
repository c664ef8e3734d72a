/** Counts, and pushes the counter if it is told where to. */
import { Counter, Pushgateway } from "prom-client";

const { count, gateway, groupings } = JSON.parse(process.argv[2] ?? "");
const requests = new Counter({ name: "requests_total", help: "Requests." });
for (let i = 0; i < count; i++) requests.inc();
if (gateway !== undefined) await new Pushgateway(gateway).pushAdd({ jobName: "app", groupings });
console.log("{}");
