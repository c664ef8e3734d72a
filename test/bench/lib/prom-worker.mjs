/** A cluster worker that has counted something under many label sets. */
import { createRequire } from "node:module";

const [client = "", series] = process.argv.slice(2);
const { AggregatorRegistry, Counter } = createRequire(import.meta.url)(client);

// Its listeners answer the primary.
new AggregatorRegistry();
const counter = new Counter({ name: "requests_total", help: "Requests.", labelNames: ["route", "code"] });
for (let i = 0; i < Number(series); i++) counter.inc({ route: `/route/${i >> 2}`, code: String(200 + (i & 3)) });
setTimeout(() => process.send?.("counted"), 20);
