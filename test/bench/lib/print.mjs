/**
 * Prints a table without borders: text to the left, numbers to the right.
 * @param {string} title the question it answers, and the budget
 * @param {readonly string[]} head names of the columns
 * @param {readonly (readonly string[])[]} rows
 * @param {readonly string[]} [notes] lines below it
 */
export function print(title, head, rows, notes = []) {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ cells) =>
    cells.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)));
  const lines = [
    title,
    "",
    ...[head, ...rows].map((cells) => `  ${line(cells).join("  ")}`),
    ...notes.map((note) => `  ${note}`),
  ];
  console.log(`${lines.join("\n")}\n`);
}

/** @param {number} value */
export const ratio = (value) => value.toFixed(3);

/** @param {readonly [number, number]} range */
export const range = ([from, to], digits = 3) => `${from.toFixed(digits)}-${to.toFixed(digits)}`;

/** @param {number} value */
export const ns = (value) => value.toFixed(1);
