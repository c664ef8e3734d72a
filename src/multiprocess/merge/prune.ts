import { statSync } from "node:fs";
import { join } from "node:path";
import type { Meta } from "../meta.js";
import { atOnce } from "../slices.js";
import { RETAINED } from "../store/file-name.js";
import { VERSION } from "../store/format.js";
import { Families } from "./families.js";
import { fold } from "./fold.js";
import { Merge } from "./merge.js";
import type { MergedSeries } from "./merged-series.js";
import { type RetainedContent, readRetained } from "./retained.js";

/** What is to be forgotten of the counts of dead processes. */
export interface Choice {
  /** Name of a metric. */
  metric: string;
  /** Labels that a series has to have, with these values; all of its series where there are none. */
  labels: Readonly<Record<string, string>>;
}

/** A metric that has some of it. */
export interface Pruned {
  metric: string;
  series: string[];
}

/** What `prune` would remove. @throws where the retained file is damaged */
export function prunable(directory: string, choice: Choice): Pruned[] {
  const families = new Families();
  const { source } = atOnce(readRetained(directory, VERSION, families));
  if (source === undefined) return [];
  const merge = new Merge(families);
  atOnce(merge.add([source], () => false));
  const pruned: Pruned[] = [];
  for (const [meta, series] of merge.current()) {
    const chosen = [...series].filter((one) => isChosen(choice, meta, one)).map(({ labels }) => labels);
    if (chosen.length > 0) pruned.push({ metric: meta.name, series: chosen });
  }
  return pruned;
}

/**
 * Forgets it. Processes that live, and have it, keep what they have.
 * @returns false where another process is at work on the file
 * @throws where the directory cannot be written
 */
export function prune(directory: string, choice: Choice): boolean {
  if (statSync(join(directory, RETAINED), { throwIfNoEntry: false }) === undefined) return true;
  const nothing = { dead: new Map(), condemned: new Map(), abandoned: [] };
  return fold(directory, nothing, new Families(), (content) => without(content, choice));
}

function* without(content: Iterable<RetainedContent>, choice: Choice): Generator<RetainedContent> {
  for (const [meta, series, flags] of content) {
    const kept = meta.name === choice.metric ? [...series].filter((one) => !isChosen(choice, meta, one)) : series;
    if (!Array.isArray(kept) || kept.length > 0) yield [meta, kept, flags];
  }
}

function isChosen({ metric, labels }: Choice, { name }: Meta, series: MergedSeries): boolean {
  if (name !== metric) return false;
  const parts = partsOf(series.labels);
  return Object.entries(labels).every(([label, value]) => parts.get(label) === value);
}

/** Label values by name, as the app has them. */
function partsOf(labels: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [, name = "", value = ""] of labels.matchAll(/([^,"=]+)="((?:[^"\\]|\\.)*)"/gs)) {
    parts.set(
      name,
      value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)),
    );
  }
  return parts;
}
