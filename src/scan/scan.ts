import { readFileSync, statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { type Package, packageOf } from "../packages/nearest-package.js";
import { pathWithin } from "../packages/package-file.js";
import type { Hazard } from "../proofs/proof.js";
import { reasonOf } from "../reason-of.js";
import type { Target } from "../target.js";
import { analyse } from "./analyse.js";
import { byBuild, type FoundHazard } from "./builds.js";
import { withDependencies } from "./dependencies.js";
import { Fills } from "./fills.js";
import { listScripts } from "./folders.js";
import { codeFrame, Lines, type Position } from "./frame.js";
import { methodName, placeName } from "./names.js";
import type { Finding } from "./rules/rule.js";
import type { Source } from "./source/source.js";
import { isWorthParsing } from "./source/worth.js";
import { proposeTarget } from "./target.js";

/** A hazard in one package, wherever in its builds it is. */
export interface Report {
  /** Absent where no package.json around the file has a name. */
  package?: string;
  version?: string;
  hazard: Hazard;
  method: string;
  /** The buffer, or the flag. */
  place: string;
  what: string;
  /** Path inside the package, or absolute without one. */
  file: string;
  line: number;
  column: number;
  marks: ({ label: string } & Position)[];
  frame: string[];
  /** The same in other builds of the package. */
  alsoIn: ({ file: string } & Position)[];
  /** Folders that this version of the package is installed in. */
  installedIn: string[];
  target?: Target;
  note?: string;
}

export interface Unread {
  file: string;
  reason: string;
}

export interface Scan {
  files: number;
  packages: number;
  /** Files that are not JavaScript that Node could run. */
  parseErrors: Unread[];
  /** Files and folders that could not be read, or were too large. */
  skipped: Unread[];
  findings: Report[];
}

export interface ScanOptions {
  /** Is called now and then; `of` is 0 while the files are still being listed. */
  onProgress(done: number, of: number, findings: number): void;
}

/** What is larger is a whole program, such as a compiler, and takes more than two seconds. */
const MAX_BYTES = 2 * 1024 * 1024;

/** A finding with all that its report is made from. */
interface Located extends FoundHazard {
  source: Source;
  lines: Lines;
  finding: Finding;
  /** Inside the package. */
  file: string;
  owner: Package | undefined;
}

const idOf = ({ name, version }: Package): string => `${name}@${version}`;

const failureOf = (error: unknown): string => (error instanceof RangeError ? "nested too deeply" : reasonOf(error));

/** Verbs that flushes are called by: what is most likely a client comes first. */
const VERB = /flush|send|report|publish|export|upload|ship|submit/i;
const ORDER: readonly Hazard[] = ["lost update", "re-entrancy", "early return", "close"];

class Scanner {
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #installed = new Map<string, Set<string>>();
  readonly #found: Located[] = [];
  readonly #fills: Fills;
  readonly parseErrors: Unread[] = [];
  readonly skipped: Unread[] = [];

  constructor(files: readonly string[]) {
    this.#fills = new Fills(files);
  }

  get findings(): number {
    return this.#found.length;
  }

  get packages(): number {
    return this.#installed.size;
  }

  visit(path: string): void {
    const owner = packageOf(path);
    const id = owner && idOf(owner);
    const file = owner ? pathWithin(owner.folder, path) : path;
    try {
      const { size } = statSync(path);
      if (owner !== undefined && id !== undefined) {
        const folders = this.#installed.get(id);
        if (folders === undefined) this.#installed.set(id, new Set([owner.folder]));
        else folders.add(owner.folder);
        const files = this.#seen.get(id) ?? new Map<string, number>();
        this.#seen.set(id, files);
        // The same file of the same version.
        if (files.get(file) === size) return;
        files.set(file, size);
      }
      if (size > MAX_BYTES) {
        this.skipped.push({ file: path, reason: `larger than ${MAX_BYTES / 1024 / 1024} MiB` });
        return;
      }
      this.#analyse(path, file, owner);
    } catch (error) {
      const unread = { file: path, reason: failureOf(error) };
      if (error instanceof SyntaxError) this.parseErrors.push(unread);
      else this.skipped.push(unread);
    }
  }

  #analyse(path: string, file: string, owner: Package | undefined): void {
    const text = readFileSync(path, "utf8");
    const isFilled = (field: string): boolean => owner !== undefined && this.#fills.has(owner.folder, field);
    if (!isWorthParsing(text, isFilled)) return;
    const { source, findings } = analyse(text, isFilled);
    if (findings.length === 0) return;
    const lines = new Lines(text);
    for (const finding of findings) {
      const method = methodName(source, finding.root);
      const place = placeName(source, finding.key);
      const { hazard } = finding.rule.meta;
      const id = owner ? idOf(owner) : file;
      this.#found.push({ source, lines, finding, file, path, method, place, hazard, owner, package: id });
    }
  }

  /** One report for each hazard of a method, whatever number of builds a package has. */
  reports(): Report[] {
    return byBuild(this.#found)
      .map((group) => this.#report(group))
      .sort(byWeight);
  }

  #report(group: Located[]): Report {
    // What can be read best: the build with the most lines.
    const [first, ...others] = group.toSorted((a, b) => density(a) - density(b)) as [Located, ...Located[]];
    const { source, lines, finding, method, place, file, owner, hazard } = first;
    const at = (located: Located): Position =>
      located.lines.position((located.finding.marks[0] as Finding["marks"][0]).node.start);
    const same = this.#found.filter(
      (other) => other.source === source && other.finding.root === finding.root && other.hazard === hazard,
    );
    const siblings = same.map((other) => other.finding).filter((other) => other !== finding);
    const files = [...new Set([file, ...others.map((other) => other.file)])];
    return {
      ...(owner && { package: owner.name }),
      ...(owner?.version !== undefined && { version: owner.version }),
      hazard: finding.rule.meta.hazard,
      method,
      place,
      what: finding.rule.message(place),
      file,
      ...at(first),
      marks: finding.marks.map(({ label, node }) => ({ label, ...lines.position(node.start) })),
      frame: codeFrame(lines, finding.marks),
      alsoIn: others.map((other) => ({ file: other.file, ...at(other) })),
      installedIn: owner ? [...(this.#installed.get(idOf(owner)) ?? [])] : [],
      ...(owner &&
        proposeTarget(source, [finding, ...siblings], owner, files.length > 1 ? `{${files.join(",")}}` : file)),
    };
  }
}

/** Characters a line: minified code has the most. */
function density({ lines }: Located): number {
  return lines.text.length / lines.position(lines.text.length).line;
}

function byWeight(a: Report, b: Report): number {
  const weight = (report: Report): number =>
    (VERB.test(report.method) ? 0 : ORDER.length) + ORDER.indexOf(report.hazard);
  return (
    weight(a) - weight(b) || compare(a.package ?? "", b.package ?? "") || compare(a.file, b.file) || a.line - b.line
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How long other work waits for the scan, at most, in ms. */
const SLICE_MS = 50;

/**
 * Reads the JavaScript below some folders and lists the methods that have the shape of a hazard.
 * @param folders folders that exist; with one of an installed package come those of all that it depends on
 */
export async function scan(folders: readonly string[], { onProgress }: ScanOptions): Promise<Scan> {
  const { files, unreadable } = listScripts(withDependencies(folders), (found) => onProgress(found, 0, 0));
  const scanner = new Scanner(files);
  for (const folder of unreadable) scanner.skipped.push({ file: folder, reason: "cannot be read" });
  let until = performance.now() + SLICE_MS;
  for (const [done, file] of files.entries()) {
    scanner.visit(file);
    if (performance.now() < until) continue;
    onProgress(done + 1, files.length, scanner.findings);
    await turn();
    until = performance.now() + SLICE_MS;
  }
  return {
    files: files.length,
    packages: scanner.packages,
    parseErrors: scanner.parseErrors,
    skipped: scanner.skipped,
    findings: scanner.reports(),
  };
}
