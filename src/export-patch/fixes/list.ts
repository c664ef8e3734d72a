import { fileOf } from "../../targets/list.js";
import type { SourceFix } from "../source-fix.js";

/** The clients that have a fix. */
export const fixable: readonly string[] = [
  "aws-embedded-metrics",
  "datadog-metrics",
  "flagsmith-nodejs",
  "unleash-client",
];

/** @param module one of `fixable` */
export async function fixOf(module: string): Promise<SourceFix> {
  return ((await import(`./${fileOf(module)}.js`)) as { fix: SourceFix }).fix;
}
