import type { LoadClient, Proof } from "./proof.js";
import { ended, type Transport } from "./winston-logger/ended.js";

interface Winston {
  transports: { Http: new (options: object) => object };
}

interface Line {
  message: string;
}

function http(options: object): Transport {
  return {
    make(load: LoadClient, url: string) {
      const { hostname: host, port } = new URL(url);
      const { Http } = (load.require("winston") as Winston).transports;
      return new Http({ host, port: Number(port), ...options });
    },
    linesIn({ body }) {
      const posted = JSON.parse(body) as Line | Line[];
      return (Array.isArray(posted) ? posted : [posted]).map(({ message }) => message);
    },
  };
}

/** Proves that a logger of winston has 'finish' when its lines have arrived over HTTP. */
export const proof: Proof = {
  module: "winston",
  scenarios: [
    ended(http({})),
    ended(http({ batch: true, batchCount: 4, batchInterval: 60_000 }), "logger.end(), then 'finish', in batches"),
  ],
};
