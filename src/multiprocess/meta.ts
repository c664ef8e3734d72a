import type { Family } from "./family.js";

/** How the values that several processes have for one series become one. docs/multiprocess.md says which is which. */
const MODES = ["sum", "min", "max", "average", "first"] as const;

/** Those for gauges alone are not the clients' own. */
const GAUGE_MODES = [
  ...MODES,
  "all",
  "liveall",
  "livesum",
  "livemin",
  "livemax",
  "mostrecent",
  "livemostrecent",
] as const;

export type Mode = (typeof GAUGE_MODES)[number];

/** @returns undefined where it is none for a metric of this type */
export function modeOf(type: Meta["type"], mode: unknown): Mode | undefined {
  return (type === "gauge" ? GAUGE_MODES : MODES).find((known) => known === mode);
}

/** As a file has it. @param mode none where it is unknown */
export function withMode(type: Meta["type"], mode: Mode = "sum"): Pick<Meta, "mode"> {
  return type === "gauge" || mode !== "sum" ? { mode } : {};
}

/** What a file says of a metric. */
export interface Meta {
  name: string;
  help: string;
  type: Exclude<Family["type"], "untyped">;
  /** Of a gauge, and of others whose values are not added up. */
  mode?: Mode;
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
