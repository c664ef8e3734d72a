import type { Mark } from "./rules/rule.js";

export interface Position {
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
}

/** Finds lines and columns in a text. */
export class Lines {
  readonly #starts = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] as number) + 1 };
  }

  line(line: number): string {
    const start = this.#starts[line - 1] as number;
    const end = this.#starts[line] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, "");
  }
}

const WIDTH = 96;
/** Columns shown before what is marked, where a line is too long to be shown whole. */
const LEAD = 24;

/** The part of a line that is shown, and where the mark is in it. */
function clip(line: string, indent: number, from: number, to: number): { text: string; from: number; to: number } {
  const start = line.length - indent <= WIDTH ? Math.min(indent, from) : Math.max(from - LEAD, Math.min(indent, from));
  const cut = start > indent ? "…" : "";
  const rest = line.slice(start, start + WIDTH);
  // Control characters, tabs among them, are as wide as one column.
  const text = (cut + rest + (start + WIDTH < line.length ? "…" : "")).replace(/\p{Cc}/gu, " ");
  const shift = start - cut.length;
  return { text, from: from - shift, to: Math.max(Math.min(to - shift, text.length), from - shift + 1) };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * The marked lines of a file, each with what it is marked as below it.
 * @returns lines without a line break at the end
 */
export function codeFrame(lines: Lines, marks: readonly Mark[]): string[] {
  const sorted = marks.toSorted((a, b) => a.node.start - b.node.start);
  const places = sorted.map((mark) => ({ ...lines.position(mark.node.start), mark }));
  const gutter = String(Math.max(...places.map(({ line }) => line))).length;
  const indent = Math.min(...places.map(({ line }) => indentOf(lines.line(line))));
  const frame: string[] = [];
  let last: { line: number; text: string } | undefined;
  for (const { line, column, mark } of places) {
    const whole = lines.line(line);
    const end = Math.min(column - 1 + mark.node.end - mark.node.start, whole.length);
    const { text, from, to } = clip(whole, indent, column - 1, end);
    if (last !== undefined && line - last.line > 1) frame.push(`${" ".repeat(gutter)} …`);
    if (last?.line !== line || last.text !== text) frame.push(`${String(line).padStart(gutter)} | ${text}`);
    frame.push(`${" ".repeat(gutter)} | ${" ".repeat(from)}${"^".repeat(to - from)} ${mark.label}`);
    last = { line, text };
  }
  return frame;
}
