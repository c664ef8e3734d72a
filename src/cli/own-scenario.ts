import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ownEntry } from "../proofs/list.js";
import { lossless } from "../proofs/proof.js";
import type { TargetReport } from "../proofs/results.js";
import { type MeasureOptions, measure } from "./measure.js";
import { UsageError } from "./usage-error.js";

/** Any version: nothing is known of the client. */
const version = "0.0.0";

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Runs a scenario of the user's, without and with the guard.
 * @param path of its file, from the working directory
 * @throws {UsageError} when there is no such file
 */
export async function verifyOwn(path: string, options: MeasureOptions): Promise<TargetReport[]> {
  const file = resolve(options.cwd, path);
  if (!isFile(file)) throw new UsageError(`found no file ${JSON.stringify(path)}, expected a module with a scenario`);
  const module = basename(file);
  const measured = await measure([{ proof: ownEntry(module, pathToFileURL(file).href), version }], options);
  return [{ module, status: "measured", scenarios: measured.get(module) ?? [] }];
}

/** Whether a scenario that lost nothing without the guard is among them: it proves nothing. */
export function provesNothing(reports: readonly TargetReport[]): boolean {
  return reports.some(({ scenarios }) =>
    scenarios.some(({ unguarded }) => unguarded.outcome !== undefined && lossless(unguarded.outcome)),
  );
}
