import { RULES } from "./rules/list.js";
import { rootsOf } from "./rules/roots.js";
import type { Finding, Listeners, Report, Traced } from "./rules/rule.js";
import { Source } from "./source/source.js";
import type { Step } from "./trace/step.js";
import { Tracer } from "./trace/tracer.js";

/**
 * Finds the hazards in a file.
 * @param filled says whether another file of the package fills a field of this name
 * @throws {SyntaxError} where the text is not JavaScript
 */
export function analyse(text: string, filled?: (field: string) => boolean): { source: Source; findings: Finding[] } {
  const source = new Source(text, filled);
  const findings = new Map<string, Finding>();
  for (const root of rootsOf(source)) {
    for (const finding of findingsIn({ source, root, steps: new Tracer(source, root).run() })) {
      const id = [finding.rule.meta.hazard, root.node.start, finding.key].join();
      if (!findings.has(id)) findings.set(id, finding);
    }
  }
  return { source, findings: [...findings.values()] };
}

function findingsIn(traced: Traced): Finding[] {
  const found: Finding[] = [];
  for (const rule of RULES) {
    const report = (what: Report): void => void found.push({ ...what, rule, root: traced.root });
    const listeners = rule.create({ ...traced, report });
    for (const step of traced.steps) tell(listeners, step);
  }
  return found;
}

function tell(listeners: Listeners, step: Step): void {
  const listener = listeners[step.kind] as ((step: Step) => void) | undefined;
  listener?.(step);
}
