/** An app under pm2: counts on its own and shows its metrics. It ends by SIGINT and SIGKILL like any other. */
import { existsSync, openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const { APP_CLIENT = "", APP_TRUTH = "", APP_PORT } = process.env;
const { Counter, register } = createRequire(import.meta.url)(APP_CLIENT);
const requests = new Counter({ name: "requests_total", help: "Requests.", labelNames: ["method"] });

const fd = openSync(join(APP_TRUTH, String(process.pid)), "wx");
let count = 0;
const ticking = setInterval(() => {
  if (existsSync(join(APP_TRUTH, "stop"))) {
    clearInterval(ticking);
    return;
  }
  for (let i = 0; i < 10; i++) {
    requests.inc({ method: "GET" });
    writeSync(fd, String(++count), 0);
  }
}, 2);

createServer((_, response) => void register.metrics().then((text) => response.end(text))).listen(
  Number(APP_PORT),
  "127.0.0.1",
);
