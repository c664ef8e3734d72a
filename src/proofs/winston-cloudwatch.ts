import { promisify } from "node:util";
import { type Client, closeDuringFlush, secondFlush } from "./http-client/scenarios.js";
import type { LoadClient, Proof } from "./proof.js";
import { ended } from "./winston-logger/ended.js";

type Done = (error?: Error | null) => void;

interface Transport {
  submit(done: Done): void;
  kthxbye(done: Done): void;
}

interface Winston {
  createLogger(options: { transports: Transport[] }): { info(message: string): void };
}

const GROUP = "proof";
/** What the client asks CloudWatch for, in one. */
const answer = JSON.stringify({ logStreams: [{ logStreamName: GROUP }] });

function transportOf(load: LoadClient, endpoint: string): Transport {
  const CloudWatch = load.require("winston-cloudwatch") as new (options: object) => Transport;
  const credentials = { accessKeyId: "proof", secretAccessKey: "proof" };
  const awsOptions = { endpoint, region: "eu-west-1", credentials };
  return new CloudWatch({ logGroupName: GROUP, logStreamName: GROUP, uploadRate: 60_000, awsOptions });
}

const client: Client = {
  answer,
  idsIn: ({ headers, body }) =>
    headers["x-amz-target"] === "Logs_20140328.PutLogEvents"
      ? (JSON.parse(body) as { logEvents: { message: string }[] }).logEvents.map(
          ({ message }) => message.split(" - ")[1] ?? "",
        )
      : [],
  start(load, endpoint) {
    const transport = transportOf(load, endpoint);
    const logger = (load.require("winston") as Winston).createLogger({ transports: [transport] });
    return {
      record: (message) => logger.info(message),
      flush: promisify((done: Done) => transport.submit(done)),
      close: promisify((done: Done) => transport.kthxbye(done)),
    };
  },
};

/** Proves that closing winston-cloudwatch waits for the lines that are on their way. */
export const proof: Proof = {
  module: "winston-cloudwatch",
  beside: ["winston"],
  scenarios: [
    closeDuringFlush(client, { name: "kthxbye(callback) during a submit" }),
    secondFlush(client, { name: "second submit(callback) during a submit" }),
    ended({ answer, make: transportOf, linesIn: (request) => client.idsIn(request) }),
  ],
};
