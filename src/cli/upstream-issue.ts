import { join } from "node:path";
import { issueText } from "../export-patch/issue.js";
import { makePatch, type PatchOptions } from "../export-patch/make-patch.js";
import { reproduce } from "../export-patch/reproduction.js";
import { trackerOf } from "../export-patch/tracker.js";
import { proofs } from "../proofs/list.js";
import { lossless } from "../proofs/proof.js";
import { runLine, SCENARIO_TIMEOUT_MS } from "./measure.js";
import { measureUnguarded } from "./measure-unguarded.js";
import { progressOn } from "./progress.js";

/** An issue to open, and where; or why there is nothing to report. */
export type UpstreamIssue = { text: string; tracker: string | undefined } | { obstacle: string };

/** Measures what a copy of a client loses, and words it for its maintainers. */
export async function upstreamIssue(options: PatchOptions): Promise<UpstreamIssue> {
  const { fix, root, copy } = options;
  const proof = proofs.find(({ module }) => module === fix.module);
  const patch = makePatch({ ...options, prefix: "" });
  if ("obstacle" in patch) return patch;
  if ("fixed" in patch || proof === undefined)
    return { obstacle: "it is patched already: install it anew to measure it" };

  // A file in this folder loads this copy.
  const cwd = join(root, copy.path.slice(0, copy.path.lastIndexOf("node_modules/")));
  const progress = progressOn(process.stderr);
  const measurements = await measureUnguarded(
    { proof, version: copy.version },
    { cwd, timeoutMs: SCENARIO_TIMEOUT_MS, onRun: (run) => progress.show(runLine(run)) },
  );
  const reproduction = await reproduce(fix.module, cwd);
  progress.clear();
  if (measurements.every(({ result }) => result.outcome !== undefined && lossless(result.outcome))) {
    return { obstacle: "it lost nothing in this run" };
  }
  const text = issueText(fix, { version: copy.version, measurements, reproduction, patch: patch.text });
  return { text, tracker: trackerOf(join(root, copy.path)) };
}
