import type { Family } from "../family.js";
import type { Meta } from "../meta.js";
import type { Slices } from "../slices.js";
import { FLAG } from "../store/format.js";
import type { Entries } from "./entries.js";
import { RULES } from "./gauges.js";
import { MergedFamily } from "./merged-family.js";
import type { MergedSeries, SeriesColumns } from "./merged-series.js";
import type { Source, SourceFamily } from "./source.js";

/** Series after which adding may be left off. */
const PER_SLICE = 256;

/** What one process has, or what is retained of many. */
export interface Part {
  readonly families: readonly SourceFamily[];
  readonly entries: Entries;
  readonly values: ArrayLike<number>;
  readonly out: ArrayLike<number>;
  readonly exemplars: Source["exemplars"];
  readonly folded: Source["folded"];
  readonly layout: number;
}

/**
 * Says which metrics are asked for.
 * @param apart whether the app does not want it in `clusterMetrics()`
 */
export type Wanted = (meta: Meta, apart: boolean) => boolean;

/** Where the entries of a file belong. */
interface Links {
  layout: number;
  /** By number of a metric of the file. */
  families: readonly MergedFamily[];
  positions: readonly number[][];
  /** The number that the next series of each likely has. */
  next: number[];
  /** By number of an entry, that of its series. */
  targets: Int32Array;
  /** Entries that have one. */
  length: number;
}

/** Adds the values of many files up. */
export class Merge {
  readonly #families = new Map<string, MergedFamily>();
  readonly #links = new WeakMap<Part, Links>();
  #scrape = 0;

  /**
   * @param sources the retained file first, then the oldest process first
   * @param isLive whether the file's process lives; the retained file's never does
   */
  *add(sources: readonly Part[], isLive: (source: Part) => boolean): Slices<void> {
    this.#scrape++;
    for (const [rank, source] of sources.entries()) {
      const { families } = source;
      for (const { meta, flags } of families) {
        const registered = isLive(source) && (flags & FLAG.unregistered) === 0;
        this.#familyOf(meta).declare(meta, rank, this.#scrape, registered, (flags & FLAG.apart) !== 0);
      }
    }
    const links: Links[] = [];
    for (const source of sources) links.push(yield* this.#linksOf(source));
    for (const [i, source] of sources.entries()) yield* this.#addSource(source, links[i] as Links, isLive(source));
  }

  /** What the last `add` has found. */
  *current(): Generator<[Meta, MergedSeries[], flags: number]> {
    for (const family of this.#families.values()) {
      const series = family.series.current(this.#scrape);
      if (series.length === 0) continue;
      const meta = { ...family.meta, ...(family.meta.buckets && { buckets: family.bounds }) };
      yield [meta, series, family.apart ? FLAG.apart : 0];
    }
  }

  /**
   * The same, as it is shown. Of metrics of one name, that of the default registry, and of those the one that the youngest
   * process has: versions of a program may differ in its type.
   */
  *result(wanted: Wanted): Slices<Family[]> {
    const shown = new Map<string, Family>();
    const custom = ({ meta }: MergedFamily) => Number(meta.registry !== undefined);
    const families = [...this.#families.values()].sort((a, b) => custom(a) - custom(b) || b.rank - a.rank);
    for (const family of families) {
      const { meta } = family;
      if (shown.has(meta.name) || !wanted(meta, family.apart)) continue;
      const result = yield* family.result(this.#scrape);
      if (result !== undefined) shown.set(meta.name, result);
    }
    return [...shown.values()];
  }

  /** Whether most of what it keeps is of series that no file has any more. */
  isWasteful(): boolean {
    let kept = 0;
    let current = 0;
    for (const { series, scrape } of this.#families.values()) {
      kept += series.length + 1;
      if (scrape === this.#scrape) current++;
      current += series.count(this.#scrape);
    }
    return kept > 2 * current + 1000;
  }

  *#linksOf(source: Part): Slices<Links> {
    let links = this.#links.get(source);
    if (links?.layout !== source.layout)
      links = { layout: source.layout, families: [], positions: [], next: [], targets: new Int32Array(0), length: 0 };
    this.#links.set(source, links);
    const merged = source.families.map(({ meta }) => this.#familyOf(meta));
    links.families = merged;
    links.positions = merged.map((family, i) => family.positions(source.families[i]?.meta.buckets ?? []));
    const { entries } = source;
    if (links.targets.length < entries.length) {
      const { targets } = links;
      links.targets = new Int32Array(entries.length);
      links.targets.set(targets);
    }
    while (links.length < entries.length) {
      yield;
      link(entries, links);
    }
    return links;
  }

  #familyOf(meta: Meta): MergedFamily {
    const key = `${meta.registry ?? ""} ${meta.name} ${meta.type} ${meta.mode ?? ""}`;
    let family = this.#families.get(key);
    if (family === undefined) {
      family = new MergedFamily(meta);
      this.#families.set(key, family);
    }
    return family;
  }

  *#addSource(source: Part, links: Links, live: boolean): Slices<void> {
    let first = 0;
    for (let number = 0; number < source.entries.length; number += PER_SLICE) {
      yield;
      first = this.#addFrom(source, number, first, links, live);
    }
  }

  /**
   * @param first where the values of that entry begin
   * @returns where those of the one begin that is left off at
   */
  #addFrom(
    source: Part,
    number: number,
    first: number,
    { families, targets, positions }: Links,
    live: boolean,
  ): number {
    const { entries, values, out } = source;
    const to = Math.min(number + PER_SLICE, entries.length);
    let next = first;
    for (let i = number; i < to; i++) {
      const family = entries.family[i] as number;
      const at = next;
      const count = source.families[family]?.slots as number;
      next += count;
      if (out[at] === 1) continue;
      const { meta, series } = families[family] as MergedFamily;
      const rule = meta.type === "gauge" ? RULES[meta.mode ?? "sum"] : undefined;
      if (rule !== undefined && !live && rule.dead !== true) continue;
      const target = targets[i] as number;
      series.begin(target, this.#scrape);
      const into = target * series.width;
      const places = positions[family] as number[];
      if (rule === undefined) addAll(series, into, source, at, count, places);
      else {
        const parts = series.parts[target] as number;
        rule.combine(series.totals, into, parts, values[at] as number, values[at + 1] as number);
      }
      if (source.exemplars.size === 0) continue;
      for (const [place, exemplar] of source.exemplars.get(i)?.entries() ?? []) {
        series.exemplify(target, places[place] as number, exemplar);
      }
    }
    return next;
  }
}

/** Finds the series of the next entries that have none yet. */
function link(entries: Entries, links: Links): void {
  const { families, targets, next } = links;
  const to = Math.min(links.length + PER_SLICE, entries.length);
  for (let i = links.length; i < to; i++) {
    const family = entries.family[i] as number;
    const { series } = families[family] as MergedFamily;
    // Processes of one program mostly have the same series in the same order.
    const number = series.numberOf(entries.textOf(i), entries.orderOf(i), next[family] ?? 0);
    next[family] = number + 1;
    targets[i] = number;
    entries.share(i, series.textOf(number));
  }
  links.length = to;
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
