import type { Family } from "./family.js";

/** How the values that several processes have for one gauge become one. docs/multiprocess.md says which is which. */
export const GAUGE_MODES = [
  "sum",
  "min",
  "max",
  "average",
  "first",
  "all",
  "liveall",
  "livesum",
  "livemin",
  "livemax",
  "mostrecent",
  "livemostrecent",
] as const;

export type GaugeMode = (typeof GAUGE_MODES)[number];

/** What a file says of a metric. */
export interface Meta {
  name: string;
  help: string;
  type: Exclude<Family["type"], "untyped">;
  /** Of a gauge. */
  mode?: GaugeMode;
  /** Upper bounds of a histogram's buckets, without `+Inf`. */
  buckets?: readonly number[];
  /** Metrics of one name in a registry of its own and in the default one are different metrics. */
  registry?: "custom";
}

/** Whether a gauge says when it was set. */
export function isTimed({ mode }: Meta): boolean {
  return mode === "mostrecent" || mode === "livemostrecent";
}

/** Whether every process keeps a series of its own, told apart by the label `pid`. */
export function isOwn({ mode }: Meta): boolean {
  return mode === "all" || mode === "liveall";
}

/**
 * Slots of one series: a counter's value; a gauge's value, and when it was set where the mode asks for it; a summary's sum
 * and count; what a histogram has counted in each bucket alone and above the last one, and its sum.
 */
export function slotsOf(meta: Meta): number {
  const { type, buckets = [] } = meta;
  if (type === "histogram") return buckets.length + 2;
  return type === "summary" || isTimed(meta) ? 2 : 1;
}
