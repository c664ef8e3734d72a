/**
 * An app that flushes or closes a client while a batch before that is about to be refused. Prints how its own call and its
 * process have ended: `app.mjs CLIENT flush|close bare|then|await`.
 */
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { httpInFlight } from "../senders/http-in-flight.mjs";
import { more } from "../senders/more.mjs";
import { senders } from "../senders/senders.mjs";

const [client = "", end, way] = process.argv.slice(2);
/** Whatever was not on its way for so long is not coming, in milliseconds: LaunchDarkly's try once more after a second. */
const QUIET_MS = client.includes("launchdarkly") ? 1_500 : 400;

const { start, batch } = { ...senders, ...more }[client];
const { record, flush, close } = await start(process.env.SERVER_URL);
const own = end === "close" ? close : flush;
let settled = "not settled";
let uncaught = 0;
process.on("uncaughtExceptionMonitor", () => uncaught++);
process.on("exit", (code) => writeSync(1, `\n${JSON.stringify({ code, uncaught, settled })}\n`));

async function quiet() {
  for (let since = performance.now(); performance.now() - since < QUIET_MS; await sleep(20)) {
    if (httpInFlight() > 0) since = performance.now();
  }
}

for (let i = 0; i < batch; i++) record(i);
flush().catch(() => {});
while (httpInFlight() === 0) await sleep(2);
record(batch);
if (way === "await") {
  try {
    await own();
    settled = "fulfilled";
  } catch {
    settled = "rejected";
  }
} else if (way === "then") {
  void own().then(() => {
    settled = "fulfilled";
  });
} else {
  void own();
}
await quiet();
process.exit();
