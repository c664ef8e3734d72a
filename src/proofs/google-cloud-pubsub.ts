import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";
import { noteSend } from "./trace/recorder.js";

interface Topic {
  publishMessage(message: { data: Buffer; orderingKey: string }): Promise<string>;
  flush(): Promise<void>;
}

interface PubSub {
  PubSub: new (options: object) => { topic(name: string, options: object): Topic };
}

type Answer = (error: null, body: Buffer) => void;

interface Grpc {
  Server: new () => {
    addService(methods: object, handlers: object): void;
    bindAsync(at: string, as: object, bound: (error: Error | null, port: number) => void): void;
    forceShutdown(): void;
  };
  ServerCredentials: { createInsecure(): object };
}

const LATENCY_MS = 100;
/** The client publishes whenever this many wait. */
const BATCH = 10;

const raw = (bytes: Buffer): Buffer => bytes;
const publish = {
  path: "/google.pubsub.v1.Publisher/Publish",
  requestStream: false,
  responseStream: false,
  requestDeserialize: raw,
  responseSerialize: raw,
};

/** The messages in a request, which are texts in a document of Protocol Buffers. */
const namesIn = (request: string): string[] => request.match(/<message-\d+>/g) ?? [];

/** A reply with an id of one character, the first field, for each of so many messages. */
const ids = (count: number): Buffer => Buffer.from("\n\u00011".repeat(count));

/** Publishes, and flushes once the server has the first batch. */
async function flushDuringBatch(load: LoadClient, messages: number, orderingKey = ""): Promise<Outcome> {
  const { Server, ServerCredentials } = load.require("@grpc/grpc-js") as Grpc;
  const { PubSub } = load.require("@google-cloud/pubsub") as PubSub;
  const requests: string[] = [];
  const delivered: string[] = [];
  const handler = async ({ request }: { request: Buffer }, answer: Answer): Promise<void> => {
    const text = request.toString("latin1");
    const send = noteSend();
    send.items = [text];
    requests.push(text);
    await delay(LATENCY_MS);
    delivered.push(text);
    send.to = performance.now();
    answer(null, ids(namesIn(text).length));
  };
  const server = new Server();
  server.addService({ publish }, { publish: handler });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const pubsub = new PubSub({ projectId: "proof", apiEndpoint: `127.0.0.1:${port}`, emulatorMode: true });
  const topic = pubsub.topic("proof", {
    messageOrdering: orderingKey !== "",
    batching: { maxMessages: BATCH, maxMilliseconds: 60_000 },
  });
  const names = new Ledger(() => delivered, namesIn);
  while (names.size < messages) {
    topic.publishMessage({ data: Buffer.from(names.add(`<message-${names.size}>`)), orderingKey }).catch(() => {});
  }
  if (messages < BATCH) topic.flush().catch(() => {});
  while (requests.length === 0) await turn();
  await topic.flush();
  const outcome = names.count();
  server.forceShutdown();
  return outcome;
}

/** Proves that `flush()` of a topic of @google-cloud/pubsub waits for the batches that are on their way. */
export const proof: Proof = {
  module: "@google-cloud/pubsub",
  beside: ["@grpc/grpc-js"],
  scenarios: [
    {
      name: "await flush() while a full batch is published",
      hazard: "early return",
      run: (load) => flushDuringBatch(load, BATCH),
    },
    {
      name: "await flush() while a full batch of one ordering key is published",
      hazard: "early return",
      run: (load) => flushDuringBatch(load, BATCH, "orders"),
    },
    {
      name: "second await flush() during a flush",
      hazard: "early return",
      run: (load) => flushDuringBatch(load, BATCH - 1),
    },
  ],
};
