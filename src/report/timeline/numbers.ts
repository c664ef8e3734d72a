import type { Trace } from "../../proofs/trace/trace.js";

/** A number of things: `1 record`, `20 records`. */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

/** A time or a length of time as it is read best: `0.12 ms`, `41 ms`, `1,204 ms`. */
export function milliseconds(time: number): string {
  const digits = time >= 10 || time === 0 ? 0 : time >= 1 ? 1 : 2;
  return `${Number(time.toFixed(digits)).toLocaleString("en")} ms`;
}

/** How often what was doubled arrived: `twice`, `3 times`, `2 to 5 times`. */
export function timesOf({ arrivals: [least, most] = [2, 2] }: Pick<Trace, "arrivals">): string {
  if (least !== most) return `${least} to ${most} times`;
  return least === 2 ? "twice" : `${least} times`;
}
