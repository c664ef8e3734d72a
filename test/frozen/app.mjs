/**
 * An app that is frozen during a flush, as functions and laptops are, and exits when its last flush has settled:
 * `app.mjs CLIENT sending|waiting`. It stops itself when its first flush is being sent, or when its last one is waited for.
 */
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { httpInFlight } from "../senders/http-in-flight.mjs";
import { more } from "../senders/more.mjs";
import { senders } from "../senders/senders.mjs";

const [client = "", moment] = process.argv.slice(2);
const { start, batch } = { ...senders, ...more }[client];
const { record, flush } = await start(process.env.SERVER_URL);

/** Says so, and goes on when it is told to. */
function freeze() {
  writeSync(1, "frozen\n");
  process.kill(process.pid, "SIGSTOP");
}

for (let i = 0; i < batch; i++) record(i);
flush().catch(() => {});
while (httpInFlight() === 0) await sleep(1);
for (let i = 0; i < batch; i++) record(i);
if (moment === "sending") freeze();
const flushed = flush();
if (moment === "waiting") setTimeout(freeze, 5);
await flushed;
process.exit();
