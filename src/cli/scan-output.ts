import type { Report, Scan, Unread } from "../scan/scan.js";
import type { Layout, Paint } from "./paint.js";
import { wrap } from "./table.js";

interface Run {
  folders: readonly string[];
  durationMs: number;
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

const NAMED = 3;

/** `a, b, c and 4 more` */
function some(items: readonly string[]): string {
  const rest = items.length - NAMED;
  return rest > 1 ? `${items.slice(0, NAMED).join(", ")} and ${rest} more` : items.join(", ");
}

function block(report: Report, width: number, paint: Paint): string[] {
  const owner = report.package === undefined ? "" : `${report.package}@${report.version ?? "?"} `;
  const indented = (text: string): string[] => wrap(text, width - 4).map((line) => `    ${line}`);
  const marked = report.frame.map((line) => `    ${/^\s+\|\s+\^/.test(line) ? paint("red", line) : line}`);
  const also = report.alsoIn.map(({ file, line }) => `${file}:${line}`);
  const copies = report.installedIn.length;
  return [
    `${owner}${report.file}:${report.line}  ${paint("red", report.hazard)}  ${report.method}`,
    ...indented(report.what),
    "",
    ...marked,
    "",
    ...(also.length > 0 ? indented(`Also in ${some(also)}`).map((line) => paint("dim", line)) : []),
    ...(copies > 1 ? indented(`Installed ${copies} times`).map((line) => paint("dim", line)) : []),
    // On one line, to be copied.
    ...(report.target ? ["    Target:", `    ${JSON.stringify(report.target)}`] : []),
    ...(report.note ? indented(report.note) : []),
  ];
}

function unread(heading: string, files: readonly Unread[]): string[] {
  if (files.length === 0) return [];
  const rest = files.length - NAMED;
  return [
    heading,
    ...files.slice(0, NAMED).map(({ file, reason }) => `    ${file}: ${reason}`),
    ...(rest > 0 ? [`    and ${rest} more (--json names them)`] : []),
  ];
}

/** A block for each finding, then what was read and what was not. */
export function printable(
  { files, packages, findings, parseErrors, skipped }: Scan,
  { folders, durationMs, width, paint }: Run & Layout,
): string {
  const owners = new Set(findings.map(({ package: owner, file }) => owner ?? file)).size;
  const seconds = (durationMs / 1000).toFixed(1);
  const read = `${count(files, "file")} of ${count(packages, "package")} in ${seconds} s`;
  const verdict =
    files === 0
      ? `No JavaScript in ${folders.join(", ")}: nothing to scan.`
      : findings.length === 0
        ? `${read}: nothing found.`
        : `${read}: ${count(findings.length, "finding")} in ${count(owners, "package")}.`;
  const blocks = [
    ...findings.map((report) => block(report, width, paint)),
    unread(`${count(parseErrors.length, "file")} could not be parsed:`, parseErrors).map((line) => paint("dim", line)),
    unread(`${count(skipped.length, "path")} could not be read:`, skipped).map((line) => paint("dim", line)),
    [paint(findings.length === 0 ? "green" : "red", verdict)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The same facts as one JSON document. */
export function asJson(scan: Scan, run: Run): string {
  return `${JSON.stringify({ format: 1, node: process.version, ...run, ...scan }, null, 2)}\n`;
}
