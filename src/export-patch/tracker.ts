import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @returns where the package in a folder says that issues are opened; undefined where it does not */
export function trackerOf(basedir: string): string | undefined {
  const { bugs, repository } = JSON.parse(readFileSync(join(basedir, "package.json"), "utf8"));
  const url: unknown = bugs?.url ?? bugs;
  if (typeof url === "string") return url;
  const [, project] = /github\.com[/:](.+?)(?:\.git)?$/.exec(String(repository?.url ?? repository)) ?? [];
  return project === undefined ? undefined : `https://github.com/${project}/issues`;
}
