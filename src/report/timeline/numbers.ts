/** A number of things: `1 record`, `20 records`. */
export function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

/** A time or a length of time as it is read best: `0.12 ms`, `41 ms`, `1,204 ms`. */
export function milliseconds(time: number): string {
  const digits = time >= 10 || time === 0 ? 0 : time >= 1 ? 1 : 2;
  return `${Number(time.toFixed(digits)).toLocaleString("en")} ms`;
}
