import type { Roles } from "../../dist/src/target.js";
import { AutoFlush } from "./clients/auto-flush.js";
import { AutomaticSender } from "./clients/automatic-sender.js";
import { BagClient, bagRule } from "./clients/bag.js";
import { Callback } from "./clients/callback.js";
import { Chunks } from "./clients/chunks.js";
import { FileBacked } from "./clients/file-backed.js";
import { Gauges } from "./clients/gauges.js";
import { InFlightFlag } from "./clients/in-flight-flag.js";
import { ReadAwaitClear } from "./clients/read-await-clear.js";
import { ReadAwaitReplace } from "./clients/read-await-replace.js";
import { SharedHolder } from "./clients/shared-holder.js";
import type { Client, Sink } from "./clients/sink.js";
import { SwapThenSend } from "./clients/swap-then-send.js";
import { Synchronous } from "./clients/synchronous.js";
import { Transport } from "./clients/transport.js";

/** A model client with the roles it is guarded by. */
export interface Case {
  name: string;
  Client: new (sink: Sink) => Client;
  roles: Roles;
  /** What the client itself keeps of what is recorded: everything, in order or not, or the newest value of each gauge. */
  keeps: "all-in-order" | "all" | "newest";
  /** How the callers of its flush can tell when it is over, if they can. */
  flush: "promise" | "callback" | "nothing";
}

// What flushes from inside a flush is the sink, which is the app's.
const roles: Roles = { record: ["record"], flush: ["flush"], close: ["close"], callsOut: { flush: true } };
const list: Roles = { ...roles, buffers: { buffer: "append" } };
const callback: Roles = { ...roles, ends: { callback: 0 } };
const viewed: Roles = { ...list, view: true };
const transport: Roles = { ...viewed, ends: { method: "post", abortedBy: ["kill"] } };

function of(
  name: string,
  Client: Case["Client"],
  declared: Roles,
  keeps: Case["keeps"],
  flush: Case["flush"] = "promise",
): Case {
  return { name: `${Client.name}, ${name}`, Client, roles: declared, keeps, flush };
}

export const cases: readonly Case[] = [
  of("hold", ReadAwaitClear, roles, "all-in-order"),
  of("swap, append", ReadAwaitClear, list, "all-in-order"),
  of("on a view, append", ReadAwaitClear, viewed, "all-in-order"),
  of("hold", ReadAwaitReplace, roles, "all"),
  of("swap, sum", ReadAwaitReplace, { ...roles, buffers: { counts: "sum" } }, "all"),
  // Its record returns how much is in the buffer.
  of("on a view, append", Chunks, viewed, "all-in-order"),
  of("hold", Callback, { ...callback, returns: "nothing" }, "all-in-order", "callback"),
  of("swap, append", Callback, { ...list, ...callback }, "all-in-order", "callback"),
  of("on a view, append", Callback, { ...viewed, ...callback }, "all-in-order", "callback"),
  of("swap, append", Transport, transport, "all-in-order", "nothing"),
  of("synchronous", Synchronous, { ...roles, batch: "on the stack", returns: "nothing" }, "all", "callback"),
  of("tracked", SwapThenSend, { ...roles, batch: "detached" }, "all"),
  of("hold", SwapThenSend, roles, "all-in-order"),
  of("hold", InFlightFlag, roles, "all-in-order"),
  of("swap, append", InFlightFlag, list, "all-in-order"),
  of("hold", AutoFlush, roles, "all-in-order"),
  of("swap, append", AutoFlush, list, "all-in-order"),
  of("on a view, append", AutoFlush, viewed, "all-in-order"),
  of("tracked, with a send", AutomaticSender, { ...roles, send: ["send"], batch: "detached" }, "all"),
  of("hold", Gauges, roles, "newest"),
  of("swap, last", Gauges, { ...roles, buffers: { gauges: "last" } }, "newest"),
  of("hold", BagClient, roles, "all-in-order"),
  of("swap, a rule of its own", BagClient, { ...roles, buffers: { bag: bagRule } }, "all-in-order"),
  of("hold, two instances", SharedHolder, { ...roles, owner: "holder" }, "all-in-order"),
  of("swap, two instances", SharedHolder, { ...list, owner: "holder" }, "all-in-order"),
  of("on a view, two instances", SharedHolder, { ...viewed, owner: "holder" }, "all-in-order"),
  of("locked record", FileBacked, roles, "all"),
];
