import { readdirSync } from "node:fs";
import { VERSION, VERSIONS } from "./format.js";
import type { Identity } from "./identity.js";

/** Of a file of this package. The number of the format is part of the name, so that no older release opens a newer file. */
export interface FileName {
  kind: "process" | "unfinished" | "retained";
  format: number;
  /** Of the writer, 0 for the retained file. */
  pid: number;
}

const PROCESS = /^(?<pid>\d+)-\d+-[^.]+\.v(?<format>\d+)\.flushguard(?<unfinished>\.new)?$/;
const RETAINED_FILE = /^retained\.v(?<format>\d+)\.flushguard$/;

/** The one file that the counts of dead processes are folded into. */
export function retainedName(format: number): string {
  return `retained.v${format}.flushguard`;
}

/** That of the format that is written. */
export const RETAINED = retainedName(VERSION);

export function processName(identity: Identity, format = VERSION): string {
  const { pid, threadId, random } = identity;
  return `${pid}-${threadId}-${random}.v${format}.flushguard`;
}

/** A file that is still being made. */
export function unfinishedName({ pid, threadId, random }: Identity, attempt: number): string {
  return `${pid}-${threadId}-${random}-${attempt}.v${VERSION}.flushguard.new`;
}

/** @returns undefined for a name that this package has never given */
function parseName(name: string): FileName | undefined {
  const own = PROCESS.exec(name)?.groups;
  if (own !== undefined) {
    return { kind: own.unfinished ? "unfinished" : "process", format: Number(own.format), pid: Number(own.pid) };
  }
  const format = RETAINED_FILE.exec(name)?.groups?.format;
  return format === undefined ? undefined : { kind: "retained", format: Number(format), pid: 0 };
}

/** Names in a directory that are of this package; none where there is no such directory. @throws where it may not be read */
export function namesIn(directory: string): Map<string, FileName> {
  const names = new Map<string, FileName>();
  for (const name of allNames(directory)) {
    const parsed = parseName(name);
    if (parsed !== undefined) names.set(name, parsed);
  }
  return names;
}

/** Files of formats to come, and others that look like ours: nobody here can say what is in them. */
export function newerIn(directory: string): string[] {
  return allNames(directory).filter((name) => {
    const format = parseName(name)?.format;
    return name.endsWith(".flushguard") && (format === undefined || !VERSIONS.includes(format));
  });
}

function allNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
