import type { Paint, Style } from "./paint.js";

export interface Cell {
  text: string;
  style?: Style;
}

/** A row of cells, or a note that takes the whole width below a row. */
export type Line = readonly Cell[] | { note: Cell };

export interface TableOptions {
  /** Columns of the terminal. */
  width: number;
  /** Index of the column that wraps when the table is too wide. */
  elastic: number;
  /** Indexes of the columns of numbers. */
  right: readonly number[];
  paint: Paint;
}

const GAP = "  ";
const NARROWEST = 16;

/** Breaks text where it has lines of its own, and between words. A word longer than a line stays whole, to be copied. */
export function wrap(text: string, width: number): string[] {
  return text.split(/\s*[\r\n]+\s*/).flatMap((line) => wrapLine(line, width));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function columnWidths(rows: readonly (readonly Cell[])[], { width, elastic }: TableOptions): number[] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  const excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (count - 1) - width;
  const stretched = widths[elastic] ?? 0;
  if (excess > 0) widths[elastic] = Math.max(Math.min(NARROWEST, stretched), stretched - excess);
  return widths;
}

/** The lines of a table without borders; notes are indented under their row. */
export function table(lines: readonly Line[], options: TableOptions): string[] {
  const { elastic, right, paint, width } = options;
  const widths = columnWidths(
    lines.filter((line): line is readonly Cell[] => !("note" in line)),
    options,
  );
  const paintCell = ({ style }: Cell, text: string) => (style === undefined ? text : paint(style, text));
  return lines.flatMap((line) => {
    if ("note" in line) {
      return wrap(line.note.text, width - 4).map((text) => `    ${paintCell(line.note, text)}`);
    }
    const [first = "", ...rest] = wrap(line[elastic]?.text ?? "", widths[elastic] ?? 0);
    const row = line.map((cell, column) => {
      const text = column === elastic ? first : cell.text;
      const padding = " ".repeat((widths[column] ?? 0) - text.length);
      return right.includes(column) ? padding + paintCell(cell, text) : paintCell(cell, text) + padding;
    });
    const indent = widths.slice(0, elastic).reduce((sum, one) => sum + one + GAP.length, 0);
    return [row.join(GAP).trimEnd(), ...rest.map((text) => " ".repeat(indent) + text)];
  });
}
