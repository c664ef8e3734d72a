import { promisify } from "node:util";
import {
  type Client,
  closeDuringRetry,
  closeDuringSend,
  flushAfterRecords,
  flushDuringRetry,
  flushDuringSend,
  flushInSameTick,
  secondFlush,
} from "./http-client/scenarios.js";
import type { Proof } from "./proof.js";

type Done = (error?: Error) => void;

interface Logger {
  log(line: string): void;
  flush(done: Done): void;
  sendAndClose(done: Done): void;
}

interface Module {
  createLogger(options: object): Logger;
}

/** The client sends whenever this many wait. */
const BATCH = 10;

const INTERVALS = { sendIntervalMs: 60_000, sleepUntilNextRetry: 200 };

const client: Client = {
  idsIn: ({ body }) => body.match(/value-\d+/g) ?? [],
  start(load, url) {
    const { createLogger } = load.require("logzio-nodejs") as Module;
    const { hostname: host, port } = new URL(url);
    const logger = createLogger({ token: "proof", host, port, bufferSize: BATCH, ...INTERVALS });
    return {
      record: (line) => logger.log(line),
      flush: promisify((done: Done) => logger.flush(done)),
      close: promisify((done: Done) => logger.sendAndClose(done)),
    };
  },
};

/** It sends again what has met a connection that was reset. */
const RETRY = { records: BATCH - 1, refused: "reset" } as const;

/** Proves that logzio-nodejs calls back when the lines before have arrived. */
export const proof: Proof = {
  module: "logzio-nodejs",
  scenarios: [
    flushDuringSend(client, { records: BATCH, name: "flush(callback) while a full batch is sent" }),
    secondFlush(client, { records: BATCH - 1, name: "second flush(callback) during a flush" }),
    flushInSameTick(client, { records: BATCH, name: "flush(callback) in the tick of a full batch" }),
    flushAfterRecords(client, {
      records: BATCH - 1,
      later: 1,
      name: "flush(callback) for a line logged during a flush",
    }),
    closeDuringSend(client, { records: BATCH, name: "sendAndClose(callback) while a full batch is sent" }),
    flushDuringRetry(client, { ...RETRY, name: "flush(callback) while a batch waits for its retry" }),
    closeDuringRetry(client, { ...RETRY, name: "sendAndClose(callback) while a batch waits for its retry" }),
  ],
};
