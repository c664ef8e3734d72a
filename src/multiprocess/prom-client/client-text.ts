import { escapeHelp, exemplarText } from "../exposition/line.js";
import { Lines } from "../exposition/lines.js";
import type { Family } from "../family.js";
import type { Slices } from "../slices.js";

/** Writes metrics as the client itself would. */
export class ClientText {
  readonly #isOpenMetrics: boolean;
  readonly #lines = new Lines();
  #begun = false;

  constructor(contentType = "") {
    this.#isOpenMetrics = contentType.startsWith("application/openmetrics-text");
  }

  /** @param text what the client has written of a metric */
  addText(text: string): void {
    this.#begin();
    this.#lines.add(text);
  }

  *add({ name, help, type, samples }: Family): Slices<void> {
    this.#begin();
    // Of OpenMetrics, where a counter is named without `_total` and its samples with it.
    const counter = this.#isOpenMetrics && type === "counter" ? name.replace(/_total$/, "") : undefined;
    this.#lines.add(`# HELP ${counter ?? name} ${escapeHelp(help)}`);
    this.#lines.add(`# TYPE ${counter ?? name} ${type}`);
    for (const sample of samples.inPlace?.() ?? samples) {
      const { exemplar } = sample;
      const example = this.#isOpenMetrics && exemplar !== undefined ? exemplarText(exemplar) : "";
      const shown = counter === undefined ? sample.name : `${counter}_total`;
      if (this.#lines.addSample(shown, sample, "Nan", example)) yield;
    }
  }

  /** Adds no more. */
  end(): string {
    if (!this.#begun) this.#lines.add("");
    if (this.#isOpenMetrics) this.#lines.add("# EOF");
    return this.#lines.end();
  }

  /** Between two metrics. */
  #begin(): void {
    if (this.#begun && !this.#isOpenMetrics) this.#lines.add("");
    this.#begun = true;
  }
}
