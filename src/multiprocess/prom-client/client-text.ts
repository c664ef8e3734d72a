import { escapeHelp, exemplarText, sampleText } from "../exposition/line.js";
import type { Family, Sample } from "../family.js";
import type { Slices } from "../slices.js";

/** Lines after which writing may be left off. */
const PER_SLICE = 1024;

/** Writes metrics as the client itself would. */
export class ClientText {
  readonly #isOpenMetrics: boolean;
  readonly #blocks: string[] = [];

  constructor(contentType = "") {
    this.#isOpenMetrics = contentType.startsWith("application/openmetrics-text");
  }

  /** @param text what the client has written of a metric */
  addText(text: string): void {
    this.#blocks.push(text);
  }

  *add({ name, help, type, samples }: Family): Slices<void> {
    // Of OpenMetrics, where a counter is named without `_total` and its samples with it.
    const counter = this.#isOpenMetrics && type === "counter" ? name.replace(/_total$/, "") : undefined;
    const lines = [`# HELP ${counter ?? name} ${escapeHelp(help)}`, `# TYPE ${counter ?? name} ${type}`];
    for (const sample of samples) {
      lines.push(this.#line(counter === undefined ? sample.name : `${counter}_total`, sample));
      if (lines.length % PER_SLICE === 0) yield;
    }
    this.#blocks.push(lines.join("\n"));
  }

  toString(): string {
    return this.#isOpenMetrics ? `${this.#blocks.join("\n")}\n# EOF\n` : `${this.#blocks.join("\n\n")}\n`;
  }

  #line(name: string, { labels, value, exemplar }: Sample): string {
    const text = sampleText(name, labels, value, "Nan");
    return exemplar === undefined || !this.#isOpenMetrics ? text : text + exemplarText(exemplar);
  }
}
