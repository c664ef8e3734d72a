import { earlyReturns } from "./hazards/early-return.js";
import type { Finding } from "./hazards/finding.js";
import { lostUpdates } from "./hazards/lost-update.js";
import { reEntrancies } from "./hazards/re-entrancy.js";
import { rootsOf } from "./hazards/roots.js";
import { Source } from "./source/source.js";
import { Tracer } from "./trace/tracer.js";

/**
 * Finds the hazards in a file.
 * @throws {SyntaxError} where the text is not JavaScript
 */
export function analyse(text: string): { source: Source; findings: Finding[] } {
  const source = new Source(text);
  const findings = new Map<string, Finding>();
  for (const root of rootsOf(source)) {
    const traced = { source, root, steps: new Tracer(source, root).run() };
    for (const finding of [...lostUpdates(traced), ...earlyReturns(traced), ...reEntrancies(traced)]) {
      const id = [finding.hazard, finding.root.node.start, finding.key].join();
      if (!findings.has(id)) findings.set(id, finding);
    }
  }
  return { source, findings: [...findings.values()] };
}
