/** A declaration to fill in. It compiles, and matches nothing until then. */
export function declaration(module, installed) {
  return `import type { Target } from "../target.js";

/** Read: ${installed ?? "no version yet"}. */
export const target: Target = {
  module: "${module}",
  versions: "${installed === undefined ? "*" : `^${installed}`}",
  file: "index.js",
  export: "Client",
  record: ["increment"],
  flush: ["flush"],
};
`;
}

/** A proof to fill in: it loads the real client, and fails with what is to be written next. */
export function proof(module, file) {
  return `import { setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { httpSink } from "./sinks/http.js";

interface Client {
  increment(name: string): void;
  flush(): Promise<void>;
}

function unwritten(what: string): never {
  throw new Error(\`src/proofs/${file}.ts lacks \${what}\`);
}

async function recordsDuringFlush(load: LoadClient): Promise<Outcome> {
  const sink = await httpSink({ latencyMs: 50 });
  const exported = Object.keys(load.require("${module}") as object);
  const client: Client = unwritten(\`a client that sends to sink.url; exported: \${exported.slice(0, 20).join(", ")}\`);
  const names = new Ledger(
    () => sink.delivered,
    ({ body }): string[] => unwritten(\`the names in \${body.slice(0, 200)}\`),
  );
  while (names.size < 10) client.increment(names.add(\`metric-\${names.size}\`));
  const flushing = client.flush();
  while (sink.requests.length === 0) await turn();
  while (names.size < 20) client.increment(names.add(\`metric-\${names.size}\`));
  await flushing;
  await client.flush();
  return names.count();
}

export const proof: Proof = {
  module: "${module}",
  scenarios: [{ name: "records during a flush", hazard: "lost update", run: recordsDuringFlush }],
};
`;
}
