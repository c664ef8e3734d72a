import type { Hazard } from "./messages.js";

type Counts = Partial<Record<Hazard, number>>;

/** Hazards by target, as a line tells them: `hot-shots: re-entrancy 3; unleash-client: early return 1, close 2`. */
export class HazardCounts {
  readonly #targets = new Map<string, Counts>();

  add(target: string, hazard: Hazard, count: number): void {
    const counts = this.#targets.get(target) ?? {};
    this.#targets.set(target, counts);
    counts[hazard] = (counts[hazard] ?? 0) + count;
  }

  of(target: string): Counts {
    return { ...this.#targets.get(target) };
  }

  /** Empty where there was none. */
  toString(): string {
    const targets = [...this.#targets].map(([target, counts]) => {
      const hazards = Object.entries(counts).map(([hazard, count]) => `${hazard} ${count}`);
      return `${target}: ${hazards.join(", ")}`;
    });
    return targets.join("; ");
  }
}
