import type { Result } from "../proofs/child.js";
import type { Reproduction } from "./reproduction.js";
import type { SourceFix } from "./source-fix.js";

/** What became of a scenario without the guard. */
export interface Measurement {
  scenario: string;
  result: Result;
}

export interface IssueFacts {
  /** The installed version that was measured. */
  version: string;
  measurements: readonly Measurement[];
  reproduction: Reproduction;
  /** The patch of the installed copy. */
  patch: string;
}

function actual({ result: { outcome, error } }: Measurement): string {
  if (outcome === undefined) return `no count: ${error}`;
  const { delivered, distinct, violations = [] } = outcome;
  const repeats = distinct === delivered ? "" : `, ${distinct} of them different`;
  return [`${delivered}${repeats}`, ...violations].join("; ");
}

function row(measurement: Measurement): string {
  const recorded = measurement.result.outcome?.recorded ?? "?";
  return `| ${measurement.scenario} | ${recorded} | ${actual(measurement).replaceAll("|", "\\|")} |`;
}

/**
 * The text of an issue for the maintainers of a client.
 * @returns Markdown, the title as its heading
 */
export function issueText({ module, title, problem, remedy }: SourceFix, facts: IssueFacts): string {
  const { version, measurements, reproduction, patch } = facts;
  return `# ${title}

${problem}

## Reproduction

Save as \`reproduction.mjs\`, then:

\`\`\`sh
npm install ${module}@${version}
node reproduction.mjs
\`\`\`

\`\`\`js
${reproduction.script.trim()}
\`\`\`

It prints:

\`\`\`
${reproduction.output.trim()}
\`\`\`

## Expected and actual

Everything that is recorded is delivered, once, and has been when the call that waits for it returns. Measured against a server on the same machine:

| what happens | recorded, and expected | actually delivered |
| --- | --: | --: |
${measurements.map(row).join("\n")}

## A fix

${remedy}

<details>
<summary>As a patch of the published files</summary>

\`\`\`diff
${patch.trim()}
\`\`\`

</details>

## Versions

${module} ${version}, Node ${process.version}, ${process.platform} ${process.arch}
`;
}
