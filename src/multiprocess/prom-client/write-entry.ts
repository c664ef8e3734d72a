import { timeOfDay } from "../../timers.js";
import type { Exemplar } from "../family.js";
import { isTimed, type Meta } from "../meta.js";
import { labelText } from "../store/label-text.js";
import type { Series } from "../store/series.js";
import type { ClientExemplar, Entry } from "./shapes.js";
import type { Watched } from "./watch.js";

/** Brings a series of the store to what the client has. */
export type WriteEntry = (series: Series, entry: Entry, watched: Pick<Watched, "counted">) => void;

export function entryWriter(meta: Meta): WriteEntry {
  if (meta.type === "histogram") return histogramWriter(meta.buckets ?? []);
  if (meta.type === "summary") return writeSummary;
  return isTimed(meta) ? writeTimed : writeValue;
}

function writeValue(series: Series, { value, exemplar }: Entry): void {
  const number = typeof value === "number" ? value : 0;
  if (!Object.is(series.get(), number) || series.isCleared) series.set(number);
  exemplify(series, 0, exemplar);
}

/** A gauge may have been set to what it was; when that was is what its mode asks for. */
function writeTimed(series: Series, { value }: Entry): void {
  series.set(typeof value === "number" ? value : 0);
  series.set(timeOfDay(), 1);
}

function writeSummary(series: Series, entry: Entry): void {
  const { sum = 0, count = 0 } = typeof entry.value === "object" ? (entry.value as Entry) : entry;
  if (series.get(1) === count && series.get(0) === sum && !series.isCleared) return;
  series.set(sum, 0);
  series.set(count, 1);
}

/**
 * Buckets are counted each alone, so that their sum is the count however the file is read. One more in a bucket is one more
 * in all: once as many are found as have come since the last time, the other buckets are what they were.
 */
function histogramWriter(buckets: readonly number[]): WriteEntry {
  // V8 finds a number among the elements of an object, and a string by its name.
  const keys = buckets.map((bound) => (Number.isInteger(bound) ? bound : String(bound)));
  const above = buckets.length;
  return (series, { sum = 0, count = 0, bucketValues = {}, bucketExemplars }, watched) => {
    const cleared = series.isCleared;
    if (cleared) series.set(0);
    const grown = !cleared && watched.counted > 0 && count >= watched.counted;
    let rest = grown ? count - watched.counted : count;
    for (let i = 0; i < above && !(grown && rest === 0); i++) {
      const [inBucket, before] = [bucketValues[keys[i] as number] ?? 0, series.get(i)];
      rest -= grown ? inBucket - before : inBucket;
      if (inBucket !== before) series.set(inBucket, i);
    }
    const before = series.get(above);
    const inLast = grown ? before + rest : rest;
    if (inLast !== before) series.set(inLast, above);
    watched.counted = count;
    if (series.get(above + 1) !== sum) series.set(sum, above + 1);
    if (bucketExemplars === undefined || series.exemplars === 0) return;
    for (const [i, bound] of buckets.entries()) exemplify(series, i, bucketExemplars[bound]);
    exemplify(series, above, bucketExemplars["-1"] ?? bucketExemplars[Infinity]);
  };
}

function exemplify(series: Series, index: number, exemplar: ClientExemplar | null | undefined): void {
  if (series.exemplars === 0) return;
  series.exemplify(exemplar?.labelSet === undefined ? undefined : exemplarOf(exemplar), index);
}

function exemplarOf({ labelSet, value, timestamp }: ClientExemplar): Exemplar {
  return { labels: labelText(labelSet), value, ...(timestamp !== undefined && { timestamp }) };
}
