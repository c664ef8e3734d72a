import { createRequire } from "node:module";
import { packageFileOf } from "../../packages/package-file.js";

/** An agent, or the hooks of one, that patches modules as they load. */
export interface Agent {
  name: string;
  version: string;
  path: string;
  /** The version that was tested beside the guard, both at work, in either order. Absent: none was. */
  testedWith?: string;
}

/** What hooks module loading as we do, by package: the version that the tests run beside the guard. */
export const AGENTS: Readonly<Record<string, string | undefined>> = {
  "@appsignal/nodejs": undefined,
  "@instana/collector": undefined,
  "@opentelemetry/instrumentation": "0.223.0",
  "@sentry/node": undefined,
  "@splunk/otel": undefined,
  "dd-trace": "6.21.0",
  "elastic-apm-node": undefined,
  "import-in-the-middle": "3.6.0",
  newrelic: undefined,
  "require-in-the-middle": "8.0.1",
};

/** The hooks that we bring ourselves. */
const OURS = packageFileOf(createRequire(import.meta.url).resolve("require-in-the-middle"))?.basedir;

/** Those of the packages that are agents. */
export function agentsAmong(packages: readonly Omit<Agent, "testedWith">[]): Agent[] {
  return packages
    .filter(({ name, path }) => Object.hasOwn(AGENTS, name) && path !== OURS)
    .map(({ name, version, path }) => {
      const testedWith = AGENTS[name];
      return { name, version, path, ...(testedWith === undefined ? {} : { testedWith }) };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
