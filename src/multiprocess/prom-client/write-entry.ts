import { isTimed, type Meta } from "../meta.js";
import { labelText } from "../store/label-text.js";
import type { Series } from "../store/series.js";
import type { ClientExemplar, Entry } from "./shapes.js";

/** Brings a series of the store to what the client has. */
export function writeEntry(series: Series, entry: Entry, meta: Meta): void {
  if (meta.type === "histogram") writeHistogram(series, entry, meta.buckets ?? []);
  else if (meta.type === "summary") writeSummary(series, entry);
  else writeValue(series, entry, meta);
}

function writeValue(series: Series, { value, exemplar }: Entry, meta: Meta): void {
  const number = typeof value === "number" ? value : 0;
  // A gauge may have been set to what it was; when that was is what its mode asks for.
  if (Object.is(series.get(), number) && !series.isCleared && !isTimed(meta)) return;
  series.set(number);
  if (isTimed(meta)) series.set(Date.now(), 1);
  exemplify(series, 0, exemplar);
}

function writeSummary(series: Series, entry: Entry): void {
  const { sum = 0, count = 0 } = typeof entry.value === "object" ? (entry.value as Entry) : entry;
  if (series.get(1) === count && series.get(0) === sum && !series.isCleared) return;
  series.set(sum, 0);
  series.set(count, 1);
}

/** Buckets are counted each alone, so that their sum is the count however the file is read. */
function writeHistogram(series: Series, entry: Entry, buckets: readonly number[]): void {
  const { sum = 0, count = 0, bucketValues = {}, bucketExemplars } = entry;
  let rest = count;
  for (const [i, bound] of buckets.entries()) {
    const inBucket = bucketValues[bound] ?? 0;
    rest -= inBucket;
    if (series.get(i) !== inBucket || series.isCleared) series.set(inBucket, i);
    exemplify(series, i, bucketExemplars?.[bound]);
  }
  if (series.get(buckets.length) !== rest) series.set(rest, buckets.length);
  if (series.get(buckets.length + 1) !== sum) series.set(sum, buckets.length + 1);
  exemplify(series, buckets.length, bucketExemplars?.["-1"] ?? bucketExemplars?.[Infinity]);
}

function exemplify(series: Series, index: number, exemplar: ClientExemplar | null | undefined): void {
  if (exemplar?.labelSet === undefined || series.exemplars === 0) return;
  const { value, timestamp } = exemplar;
  series.exemplify(
    { labels: labelText(exemplar.labelSet), value, ...(timestamp !== undefined && { timestamp }) },
    index,
  );
}
