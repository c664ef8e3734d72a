import { isTimed, type Meta } from "../meta.js";
import { labelText } from "../store/label-text.js";
import type { Series } from "../store/series.js";
import type { ClientExemplar, Entry, Metric } from "./shapes.js";

/** Brings a series of the store to what the client has. */
export type WriteEntry = (series: Series, entry: Entry) => void;

export function entryWriter(meta: Meta, { upperBounds = [] }: Metric): WriteEntry {
  if (meta.type === "histogram") return histogramWriter(meta.buckets ?? [], upperBounds);
  if (meta.type === "summary") return writeSummary;
  return isTimed(meta) ? writeTimed : writeValue;
}

function writeValue(series: Series, { value, exemplar }: Entry): void {
  const number = typeof value === "number" ? value : 0;
  if (Object.is(series.get(), number) && !series.isCleared) return;
  series.set(number);
  exemplify(series, 0, exemplar);
}

/** A gauge may have been set to what it was; when that was is what its mode asks for. */
function writeTimed(series: Series, { value }: Entry): void {
  series.set(typeof value === "number" ? value : 0);
  series.set(Date.now(), 1);
}

function writeSummary(series: Series, entry: Entry): void {
  const { sum = 0, count = 0 } = typeof entry.value === "object" ? (entry.value as Entry) : entry;
  if (series.get(1) === count && series.get(0) === sum && !series.isCleared) return;
  series.set(sum, 0);
  series.set(count, 1);
}

/** Buckets are counted each alone, so that their sum is the count however the file is read. */
function histogramWriter(buckets: readonly number[], upperBounds: readonly number[]): WriteEntry {
  const places = placesOf(buckets, upperBounds);
  const above = buckets.length;
  return (series, { sum = 0, count = 0, bucketValues = {}, bucketExemplars }) => {
    // One more in a bucket is one more in all.
    if (series.isCleared) series.set(0);
    const inBuckets = Object.values(bucketValues);
    let rest = count;
    for (let i = 0; i < above; i++) {
      const inBucket = inBuckets[places[i] as number] ?? 0;
      rest -= inBucket;
      if (series.get(i) !== inBucket) series.set(inBucket, i);
    }
    if (series.get(above) !== rest) series.set(rest, above);
    if (series.get(above + 1) !== sum) series.set(sum, above + 1);
    if (bucketExemplars === undefined || series.exemplars === 0) return;
    for (const [i, bound] of buckets.entries()) exemplify(series, i, bucketExemplars[bound]);
    exemplify(series, above, bucketExemplars["-1"] ?? bucketExemplars[Infinity]);
  };
}

/** Where the counts of buckets are among the values of the object in which the client has them by its bounds. */
function placesOf(buckets: readonly number[], upperBounds: readonly number[]): Int32Array {
  const keys = Object.keys(Object.fromEntries(upperBounds.map((bound) => [bound, 0])));
  return Int32Array.from(buckets, (bound) => keys.indexOf(String(bound)));
}

function exemplify(series: Series, index: number, exemplar: ClientExemplar | null | undefined): void {
  if (exemplar?.labelSet === undefined || series.exemplars === 0) return;
  const { value, timestamp } = exemplar;
  series.exemplify(
    { labels: labelText(exemplar.labelSet), value, ...(timestamp !== undefined && { timestamp }) },
    index,
  );
}
