import type { SourceFix } from "../source-fix.js";
import { fix as awsEmbeddedMetrics } from "./aws-embedded-metrics.js";
import { fix as datadogMetrics } from "./datadog-metrics.js";
import { fix as flagsmithNodejs } from "./flagsmith-nodejs.js";
import { fix as unleashClient } from "./unleash-client.js";

const fixes: Readonly<Record<string, SourceFix>> = {
  "aws-embedded-metrics": awsEmbeddedMetrics,
  "datadog-metrics": datadogMetrics,
  "flagsmith-nodejs": flagsmithNodejs,
  "unleash-client": unleashClient,
};

/** The clients that have a fix. */
export const fixable: readonly string[] = Object.keys(fixes);

/** @param module one of `fixable` */
export function fixOf(module: string): SourceFix {
  return fixes[module] as SourceFix;
}
