import type { Proof } from "./proof.js";
import { ended } from "./winston-logger/ended.js";

interface Module {
  SumoLogic: new (options: { url: string; interval?: number }) => object;
}

/** Milliseconds between the sends of the client's own. */
const SOON = 20;

/** Proves that a logger of winston has 'finish' when its lines have arrived at Sumo Logic, once. */
export const proof: Proof = {
  module: "winston-sumologic-transport",
  beside: ["winston"],
  scenarios: [undefined, SOON].map((interval) =>
    ended(
      {
        make(load, url) {
          const { SumoLogic } = load.require("winston-sumologic-transport") as Module;
          return new SumoLogic({ url, ...(interval && { interval }) });
        },
        linesIn: ({ body }) =>
          body
            .trimEnd()
            .split("\n")
            .map((line) => (JSON.parse(line) as { message: string }).message),
      },
      interval === undefined ? undefined : "logger.end(), then 'finish', while lines are sent",
    ),
  ),
};
