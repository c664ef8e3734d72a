import type { Family } from "../family.js";
import type { Meta } from "../meta.js";
import type { Slices } from "../slices.js";
import { FLAG } from "../store/format.js";
import type { Entries } from "./entries.js";
import type { Families } from "./families.js";
import { RULES, type Rule } from "./gauges.js";
import type { MergedFamily } from "./merged-family.js";
import type { MergedSeries, SeriesColumns } from "./merged-series.js";
import type { Source, SourceFamily } from "./source.js";

/** Series after which adding may be left off. */
const PER_SLICE = 64;

/** What one process has, or what is retained of many. */
export interface Part {
  readonly families: readonly SourceFamily[];
  readonly entries: Entries;
  readonly values: ArrayLike<number>;
  readonly out: ReadonlySet<number>;
  readonly exemplars: Source["exemplars"];
  readonly folded: Source["folded"];
}

/**
 * Says which metrics of a process are asked for.
 * @param apart whether the process does not want it in `clusterMetrics()`
 * @param isInDefault whether any process has a metric of this name in its default registry
 */
export type IsWanted = (meta: Meta, apart: boolean, isInDefault: boolean) => boolean;

/** A metric, and its series, to be gone through once and before anything is added again. */
export type Content = [meta: Meta, series: Iterable<MergedSeries>];

/** Adds the values of many files up. */
export class Merge {
  readonly families: Families;

  /** @param families those that the files were read for */
  constructor(families: Families) {
    this.families = families;
  }

  /**
   * @param sources the retained file first, then the oldest process first
   * @param isLive whether the file's process lives; the retained file's never does
   * @param isWanted what is to be added, all by default
   */
  *add(sources: readonly Part[], isLive: (source: Part) => boolean, isWanted: IsWanted = () => true): Slices<void> {
    const scrape = ++this.families.scrape;
    // Of what is gone nothing is to be seen, its buckets and its help neither.
    const there = sources.map((source) => source.families.filter((family) => isThere(family, isLive(source))));
    const inDefault = new Set(there.flat().flatMap(({ meta }) => (meta.registry === undefined ? meta.name : [])));
    const wanted = new Set<SourceFamily>();
    for (const [rank, families] of there.entries()) {
      const live = isLive(sources[rank] as Part);
      for (const family of families) {
        const { meta, merged, flags } = family;
        if (!isWanted(meta, (flags & FLAG.apart) !== 0, inDefault.has(meta.name))) continue;
        wanted.add(family);
        merged.declare(meta, rank, scrape, live && isRegistered(family));
      }
    }
    for (const { families } of sources) for (const { merged } of families) merged.widen();
    for (const source of sources) yield* this.#addSource(source, isLive(source), wanted);
  }

  /** What the last `add` has found. */
  *current(): Generator<Content> {
    const { scrape } = this.families;
    for (const { series, meta, bounds } of this.families.all()) {
      if (series.count(scrape) === 0) continue;
      yield [{ ...meta, ...(meta.buckets && { buckets: bounds }) }, series.current(scrape)];
    }
  }

  /**
   * The same, as it is shown. Of metrics of one name that cannot be added up, that of the default registry, and of those the
   * one that the youngest process has: versions of a program may differ in its type.
   */
  *result(): Slices<Family[]> {
    const shown = new Map<string, Family>();
    const custom = ({ meta }: MergedFamily) => Number(meta.registry !== undefined);
    const families = this.families.all().sort((a, b) => custom(a) - custom(b) || b.rank - a.rank);
    for (const family of families) {
      const { meta } = family;
      if (shown.has(meta.name)) continue;
      const result = yield* family.result(this.families.scrape);
      if (result !== undefined) shown.set(meta.name, result);
    }
    return [...shown.values()];
  }

  *#addSource(source: Part, live: boolean, wanted: ReadonlySet<SourceFamily>): Slices<void> {
    const positions = source.families.map((family) =>
      wanted.has(family) ? family.merged.positions(family.meta.buckets ?? []) : undefined,
    );
    let first = 0;
    for (let number = 0; number < source.entries.length; number += PER_SLICE) {
      yield;
      first = this.#addFrom(source, number, first, positions, live);
    }
  }

  /**
   * @param first where the values of that entry begin
   * @param positions where the values of each metric belong, undefined where they are not wanted
   * @returns where those of the one begin that is left off at
   */
  #addFrom(
    source: Part,
    number: number,
    first: number,
    positions: readonly (readonly number[] | undefined)[],
    live: boolean,
  ): number {
    const { scrape } = this.families;
    const { entries, values, out } = source;
    const { family: numbers, target: targets, order: orders } = entries;
    const to = Math.min(number + PER_SLICE, entries.length);
    let next = first;
    for (let i = number; i < to; i++) {
      const family = numbers.at(i);
      const at = next;
      const { slots: count, meta, merged } = source.families[family] as SourceFamily;
      next += count;
      if (out.size > 0 && out.has(at)) continue;
      const { series } = merged;
      const rule = meta.mode === undefined ? undefined : RULES[meta.mode];
      if (rule !== undefined && !live && rule.dead !== true) continue;
      const target = targets.at(i);
      series.see(target, scrape);
      const places = positions[family];
      if (places === undefined) continue;
      series.begin(target, orders.at(i));
      const into = target * series.width;
      if (rule === undefined) addAll(series, into, source, at, count, places);
      else if (meta.type === "gauge") {
        const parts = series.parts[target] as number;
        rule.combine(series.totals, into, parts, values[at] as number, values[at + 1] as number);
      } else combineAll(rule, series, target, source, at, count, places, meta.type === "histogram");
      if (source.exemplars.size === 0) continue;
      for (const [place, exemplar] of source.exemplars.get(i)?.entries() ?? []) {
        series.exemplify(target, places[place] as number, exemplar);
      }
    }
    return next;
  }
}

function isThere(family: SourceFamily, live: boolean): boolean {
  return family.size > 0 || (live && isRegistered(family));
}

function isRegistered({ flags }: SourceFamily): boolean {
  return (flags & FLAG.unregistered) === 0;
}

/** What a histogram has counted in each bucket is combined with all below, as the clients do. */
function combineAll(
  { combine }: Rule,
  { totals, parts, width }: SeriesColumns,
  target: number,
  { values }: Part,
  first: number,
  count: number,
  places: readonly number[],
  isHistogram: boolean,
): void {
  let below = 0;
  for (let i = 0; i < count; i++) {
    const value = values[first + i] as number;
    const isBucket = isHistogram && i < count - 1;
    if (isBucket) below += value;
    combine(totals, target * width + (places[i] as number), parts[target] as number, isBucket ? below : value, 0);
  }
}

function addAll(
  { totals }: SeriesColumns,
  at: number,
  { values, folded }: Part,
  first: number,
  count: number,
  places: readonly number[],
): void {
  const length = folded === undefined ? count : count / 2;
  for (let i = 0; i < length; i++) {
    const low = folded === undefined ? 0 : (values[first + length + i] as number);
    totals.add(at + (places[i] as number), values[first + i] as number, low);
  }
}
