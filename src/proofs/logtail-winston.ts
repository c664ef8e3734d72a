import type { Proof } from "./proof.js";
import { ended } from "./winston-logger/ended.js";

interface Client {
  Logtail: new (token: string, options: { endpoint: string }) => object;
}

interface Module {
  LogtailTransport: new (client: object) => object;
}

/** Proves that a logger of winston has 'finish' when its lines have arrived at Better Stack. */
export const proof: Proof = {
  module: "@logtail/winston",
  beside: ["@logtail/node", "winston"],
  scenarios: [
    ended({
      make(load, endpoint) {
        const { Logtail } = load.require("@logtail/node") as Client;
        const { LogtailTransport } = load.require("@logtail/winston") as Module;
        return new LogtailTransport(new Logtail("proof", { endpoint }));
      },
      // A MessagePack document.
      linesIn: ({ body }) => body.match(/line \d+/g) ?? [],
    }),
  ],
};
