import { words } from "./shell.js";

const RUNNER = /^(?:.*\/)?(?:npm-run-all2?|run-[sp])$/;
const PARALLEL = /^(?:-p|--parallel)$/;
const SEQUENTIAL = /^(?:-s|--sequential|--serial)$/;
const OF_CONCURRENTLY = /(?<=(?:^|[\s"'])npm:)[\w:.-]*\*[\w:.*-]*/g;

/** The names that a pattern of npm-run-all means: `*` stops at a colon. */
function matching(pattern: string, names: readonly string[]): string[] {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("**", "\0")
    .replaceAll("*", "[^:]*")
    .replaceAll("\0", ".*");
  const matched = names.filter((name) => new RegExp(`^${source}$`).test(name));
  return matched.length > 0 ? matched : [pattern];
}

/** The scripts that a command runs by their names or patterns, as a line for a shell. Of others, the command itself. */
export function asShellLine(command: string, names: readonly string[]): string {
  const all = words(command);
  const at = all.findIndex((word) => RUNNER.test(word));
  if (at === -1) {
    return command.replace(OF_CONCURRENTLY, (pattern) => matching(pattern.replace("*", "**"), names).join(" npm:"));
  }
  let separator = all[at]?.endsWith("run-p") ? "&" : "&&";
  const parts = all.slice(at + 1).flatMap((word) => {
    if (PARALLEL.test(word)) separator = "&";
    if (SEQUENTIAL.test(word)) separator = "&&";
    return word.startsWith("-") ? [] : matching(word, names).map((name) => `npm run ${name} ${separator}`);
  });
  return parts.join(" ");
}
