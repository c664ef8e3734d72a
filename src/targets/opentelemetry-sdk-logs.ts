import type { Target } from "../target.js";
import { simpleProcessor } from "./opentelemetry/simple-processor.js";

type LogRecords = unknown[];

interface BatchProcessor {
  /** A flush is under way; since 0.215.0. */
  _flushing?: boolean;
  _maybeStartTimer(): void;
}

interface Flush {
  processor: BatchProcessor;
  taken: LogRecords;
  /** No other was in flight when it began, as one that has not settled in time can be. */
  alone: boolean;
}

/** By the buffer that took the records made meanwhile. */
const flushes = new WeakMap<LogRecords, Flush>();
const flushing = new WeakSet<BatchProcessor>();

function fresh(taken: LogRecords, processor: BatchProcessor): LogRecords {
  const live: LogRecords = [];
  flushes.set(live, { processor, taken, alone: !flushing.has(processor) });
  flushing.add(processor);
  return live;
}

/** A flush that throws does so before its first export, and leaves `_flushing` set, which stops every later export. */
function hasThrown({ processor, taken, alone }: Flush, left: LogRecords): boolean {
  return alone && processor._flushing === true && left !== taken;
}

/** In place, and one by one: there may be more than a call can have arguments. */
function putBack(live: LogRecords, earlier: LogRecords): boolean {
  if (earlier.length === 0) return false;
  const later = live.splice(0);
  for (const record of earlier) live.push(record);
  for (const record of later) live.push(record);
  return true;
}

function merge(live: LogRecords, left: LogRecords): boolean {
  const flush = flushes.get(live);
  if (flush === undefined) return putBack(live, left);
  const { processor, taken, alone } = flush;
  const thrown = hasThrown(flush, left);
  const back = thrown ? taken : left;
  if (thrown) processor._flushing = false;
  if (alone) flushing.delete(processor);
  const anything = putBack(live, back);
  // The flush has stopped the timer, and did not see what was recorded meanwhile.
  if (live.length > 0) processor._maybeStartTimer();
  return anything;
}

/**
 * Run: 0.39.1, 0.57.2, 0.200.0, 0.214.0, 0.215.0, 0.223.1, 3.0.0 and 3.1.1, the last two in both copies. Read: 0.208.0, 0.212.0,
 * 0.216.0, 0.218.0, 0.220.0 and 0.222.0 too.
 *
 * `forceFlush` and `shutdown` both end in `_flushAll`. Since 0.215.0 a flush during another returns at once, so a
 * `shutdown` drops what the one before it did not take. Until then it waits only for the batches that it begins itself.
 */
const sdk = { module: "@opentelemetry/sdk-logs", versions: ">=0.39.1 <4" } as const;

export const targets: readonly Target[] = [
  {
    ...sdk,
    file: "{build/{src,esm,esnext},dist}/platform/node/export/BatchLogRecordProcessor.{js,cjs,mjs}",
    export: "BatchLogRecordProcessor",
    // What onEmit() adds goes straight to the buffer that is live, and a flush never calls it.
    flush: ["_flushAll"],
    use: ["onEmit"],
    // Before 0.215.0.
    send: ["_flushOneBatch"],
    buffers: { _finishedLogRecords: { fresh, merge } },
    view: true,
    callsOut: { flush: false },
  },
  {
    ...sdk,
    file: "{build/{src,esm,esnext},dist}/export/SimpleLogRecordProcessor.{js,cjs,mjs}",
    export: "SimpleLogRecordProcessor",
    use: ["onEmit"],
    ...simpleProcessor,
  },
];
