import { log } from "../log.js";
import { publishPatch } from "../telemetry/channels.js";
import type { PatchMessage } from "../telemetry/messages.js";
import type { Found } from "./found.js";
import { ALREADY, type Guarding } from "./guard-methods.js";

/** Tells of what became of a package, or of one file of it. */
export function tell({ module, version, path }: Found, told: Pick<PatchMessage, "state" | "file" | "reason">): void {
  publishPatch(() => ({ target: module, version, path, ...told }));
}

/** @returns whether the reason is new */
export function note(found: Found, reason: string): boolean {
  if (found.reasons.includes(reason)) return false;
  found.reasons.push(reason);
  return true;
}

/**
 * Notes and logs what became of a package, each thing once.
 * @param file the file of the package that it is about, where it is about one
 * @param isOwn whether by a target of the app's own, in which what is not there is a mistake
 */
export function report(found: Found, guarding: Guarding, file?: string, isOwn = false): void {
  const name = `${found.module} ${found.version}`;
  if ("refused" in guarding) {
    const where = file === undefined ? "" : `in ${file}, `;
    const reason = file === undefined ? guarding.refused : `${file}: ${guarding.refused}`;
    if (!note(found, reason)) return;
    log.warn(`${name} is left as it is: ${where}${guarding.refused}`);
    tell(found, { state: "left alone", reason: guarding.refused, ...(file === undefined ? {} : { file }) });
    return;
  }
  const { notes } = guarding;
  for (const line of notes) {
    if (!note(found, line)) continue;
    if (isOwn) log.warn(`${name} is guarded in part: ${line}`);
    else log.info(`${name}: ${line}`);
  }
  if (isOwn && notes.length > 0) found.missing = [...(found.missing ?? []), ...notes];
  if (file === undefined) return;
  found.patched.push(file);
  tell(found, { state: "patched", file });
  log.info(`${name}: ${file} is patched`);
}

/** Logs what of an app's own class could not be guarded as declared. That it is guarded already is no mistake. */
export function logOwn(name: string, guarding: Guarding): void {
  if (!("refused" in guarding)) for (const line of guarding.notes) log.warn(`${name} is guarded in part: ${line}`);
  else if (guarding.refused !== ALREADY) log.warn(`${name} is left as it is: ${guarding.refused}`);
}
