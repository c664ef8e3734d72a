import { setTimeout as delay } from "node:timers/promises";
import type { LoadClient, Outcome, Scenario } from "../proof.js";
import { type Exporter, exporterSink } from "./exporter.js";

interface Processor {
  shutdown(): Promise<void>;
}

interface Resource {
  asyncAttributesPending: boolean;
  waitForAsyncAttributes(): Promise<void>;
}

/** One signal's simple processor, and how it is given a record of a name. */
export interface Simple<P extends Processor> {
  make(exporter: Exporter<never>): P;
  give(processor: P, name: string, resource: Resource): void;
}

const RECORDS = 10;
/** Milliseconds until the attributes of the resource are there: a cloud's metadata are asked for over the network. */
const PENDING_MS = 50;

/** Calls `shutdown()` while the attributes of the records' resource are not there yet. */
async function shutdownWhilePending<P extends Processor>({ make, give }: Simple<P>): Promise<Outcome> {
  const { exporter, names, http } = await exporterSink<{ name: string }[]>((records) =>
    records.map(({ name }) => name),
  );
  const processor = make(exporter);
  const attributes = delay(PENDING_MS);
  const resource: Resource = { asyncAttributesPending: true, waitForAsyncAttributes: () => attributes };
  try {
    while (names.size < RECORDS) give(processor, names.add(`record ${names.size}`), resource);
    await processor.shutdown();
    return names.count();
  } finally {
    await http.close();
  }
}

/**
 * What simple processors must show.
 * @param copy which of the package's two copies, if it has two
 */
export function simpleScenario<P extends Processor>(
  load: (from: LoadClient) => Promise<Simple<P>>,
  { copy, versions }: { copy?: string; versions?: string } = {},
): Scenario {
  const name = "shutdown() of a simple processor while attributes are pending";
  return {
    name: copy === undefined ? name : `${name} (${copy})`,
    hazard: "close",
    ...(versions !== undefined && { versions }),
    run: async (from) => shutdownWhilePending(await load(from)),
  };
}
