import { promisify } from "node:util";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { tcpSink } from "./sinks/tcp.js";

interface Sender {
  emit(label: string, data: { message: string }): void;
  end(label: null, data: null, done: () => void): void;
}

interface Module {
  createFluentSender(tag: string, options: { host: string; port: number; eventMode: string }): Sender;
}

/** Records as many lines under each label and ends the client. */
async function endAtOnce(load: LoadClient, eventMode: string, labels: readonly string[]): Promise<Outcome> {
  const agent = await tcpSink();
  const { createFluentSender } = load.require("fluent-logger") as Module;
  const sender = createFluentSender("proof", { host: "127.0.0.1", port: agent.port, eventMode });
  const lines = new Ledger(
    () => agent.lines,
    (line) => line.match(/<\d+>/g) ?? [],
  );
  while (lines.size < 10) for (const label of labels) sender.emit(label, { message: lines.add(`<${lines.size}>`) });
  await promisify((done: () => void) => sender.end(null, null, done))();
  await agent.idle(100);
  const outcome = lines.count();
  await agent.close();
  return outcome;
}

/** Proves that `end()` of fluent-logger comes when the records before it have been written. */
export const proof: Proof = {
  module: "fluent-logger",
  scenarios: [
    {
      name: "end() before the connection is made",
      hazard: "close",
      run: (load) => endAtOnce(load, "Message", ["orders"]),
    },
    {
      name: "end() with entries of two tags waiting",
      hazard: "close",
      run: (load) => endAtOnce(load, "PackedForward", ["orders", "carts"]),
    },
  ],
};
