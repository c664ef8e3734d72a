import { column } from "./column.js";

/**
 * Sums with twice the digits of a number each. Files are added in another order once some have been folded together, and a
 * counter that falls by a rounding error is a restart to Prometheus.
 */
export class Totals {
  high: Float64Array;
  low: Float64Array;

  constructor(length: number) {
    this.high = column(Float64Array, length);
    this.low = column(Float64Array, length);
  }

  /** @param keep whether with the sums that there are */
  resize(length: number, keep: boolean): void {
    const { high, low } = this;
    this.high = column(Float64Array, length);
    this.low = column(Float64Array, length);
    if (!keep) return;
    this.high.set(high);
    this.low.set(low);
  }

  reset(from: number, to: number): void {
    this.high.fill(0, from, to);
    this.low.fill(0, from, to);
  }

  set(at: number, value: number): void {
    this.high[at] = value;
    this.low[at] = 0;
  }

  /** Knuth's two-sum; `low` is what an earlier sum of this kind has left. */
  add(at: number, value: number, low = 0): void {
    const before = this.high[at] as number;
    const sum = before + value;
    if (!Number.isFinite(sum)) {
      this.set(at, sum);
      return;
    }
    const part = sum - before;
    const rest = before - (sum - part) + (value - part) + (this.low[at] as number) + low;
    const high = sum + rest;
    this.high[at] = high;
    this.low[at] = rest - (high - sum);
  }
}
