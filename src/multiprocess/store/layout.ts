import * as format from "./format.js";
import type { Identity } from "./identity.js";
import { Records } from "./records.js";
import type { Series } from "./series.js";
import { isGone, type StoredFamily } from "./stored-family.js";

/** All records anew, without what a file need not have. Nothing knows of it until it is in the file and `adopt` is called. */
export interface Layout {
  records: Records;
  families: StoredFamily[];
  series: Series[];
  /** Makes it that of the families and the series. */
  adopt(): void;
}

/**
 * @param before what the places of the series are in now
 * @param families are left out where they are in no registry and have no series
 * @param placed series, which are left out where they were cleared
 */
export function layOut(
  identity: Identity,
  before: Records,
  families: readonly StoredFamily[],
  placed: readonly Series[],
): Layout {
  const records = new Records();
  records.appendJson(format.KIND.identity, identity);
  const kept = families.filter((family) => !isGone(family));
  const familyPlaces = kept.map(({ meta, flags }) => records.appendFamily(meta, flags));
  const numbers = new Map(kept.map((family, number) => [family, number]));
  const series = placed.filter(({ at }) => !format.isCleared(before.view, at));
  const places = series.map(({ family, labels, slots, exemplars, at }) => {
    const to = records.appendSeries(numbers.get(family) as number, labels, slots, exemplars);
    before.memory.copy(records.memory, to, at, at + slots * format.SLOT + exemplars * format.EXEMPLAR);
    return to;
  });
  const adopt = () => {
    for (const family of families) family.number = -1;
    for (const [number, family] of kept.entries()) {
      family.number = number;
      family.at = familyPlaces[number] as number;
    }
    for (const left of placed) left.at = -1;
    for (const [i, one] of series.entries()) one.at = places[i] as number;
  };
  return { records, families: kept, series, adopt };
}
