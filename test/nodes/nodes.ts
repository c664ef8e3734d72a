import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A Node to run tests on. */
export interface TestNode {
  /** For test names: says when another version stands in. */
  name: string;
  binary: string;
  /** Of what really runs: `20.20.2`. */
  version: string;
}

export const MAJORS = [20, 22, 24, 26] as const;

function inFolderOf(major: number, file: string): string {
  return fileURLToPath(new URL(`./node_modules/node${major}/${file}`, import.meta.url));
}

/** Path of a binary, there or not, by its major version. */
export function binaryOf(major: number): string {
  return inFolderOf(major, "bin/node");
}

/** The oldest supported Node of those that strip types; its folder is named as it is. Absent where no binary is published. */
export const OLDEST_22 = { binary: binaryOf(2212), version: "22.12.0" };

/** The supported majors; where one cannot be installed on this platform, the running Node stands in and the name says so. */
export const NODES: readonly TestNode[] = MAJORS.map((major) => {
  const binary = binaryOf(major);
  if (existsSync(binary)) {
    const { version } = JSON.parse(readFileSync(inFolderOf(major, "package.json"), "utf8"));
    return { name: `Node ${major}`, binary, version };
  }
  return {
    name: `Node ${major} (not on ${process.platform}-${process.arch}: ${process.version} in its place)`,
    binary: process.execPath,
    version: process.versions.node,
  };
});
