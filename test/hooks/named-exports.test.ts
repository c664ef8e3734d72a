import { join } from "node:path";
import { expect, test } from "vitest";
import { targets } from "../../dist/src/targets/list.js";
import { NODES } from "../nodes/nodes.js";
import { REGISTER } from "../patch/run-app.js";
import { clientsOf } from "../slow.js";
import { FIXTURES, runNode } from "./run-node.js";

/** Those that export what other files of theirs do, and some that do not. */
const CLIENTS = clientsOf(
  [
    "@influxdata/influxdb-client",
    "@segment/analytics-node",
    "flagsmith-nodejs",
    "hot-shots",
    "statsd-client",
    "unleash-client",
  ],
  targets.map(({ module }) => module),
);

test.concurrent.each(NODES)(
  "$name: a client gives an `import` the names that it gives without the guard",
  async ({ binary }) => {
    const app = [join(FIXTURES, "hooks/named-exports.mjs"), ...CLIENTS];
    const [guarded, unguarded] = await Promise.all([
      runNode(binary, ["--import", REGISTER.href, ...app]),
      runNode(binary, app),
    ]);
    const names = JSON.parse(unguarded.stdout);
    expect(names["@segment/analytics-node"]).toContain("Analytics");
    expect(JSON.parse(guarded.stdout)).toEqual(names);
  },
  60_000,
);
