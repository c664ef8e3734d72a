import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { manifestIn } from "../../../packages/manifest.js";
import { textOf } from "../text.js";

/** A file and what is in it. */
export interface AppText {
  file: string;
  content: string;
}

/** A file of the folder that a word names, by its path here or in an image, where it may have come to from a folder below. */
export function fileNamed(word: string, directory: string): AppText | undefined {
  if (!/^(?:\.{0,2}\/|[\w.-]+\/|[\w.-]+\.sh$)[\w./-]*$/.test(word)) return undefined;
  const parts = word.split("/").filter((part) => part !== "" && part !== ".");
  const own = parts.slice(0, word.startsWith("/") ? undefined : 1).map((_, from) => parts.slice(from).join("/"));
  const below = /^\/|^[\w.-]+$/.test(word) ? foldersIn(directory).map((folder) => join(folder, basename(word))) : [];
  return textsOf(directory, [...own, ...below]).find(({ content }) => content !== "");
}

/** Folders that may have what is copied into an image. */
function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name))
    .map(({ name }) => name);
}

/** Files of a folder with what is in them. */
export function textsOf(directory: string, files: readonly string[]): AppText[] {
  return files.map((file) => ({ file, content: textOf(resolve(directory, file)) }));
}

/** What is in the files of variables that a line names, in their order. Empty: it names none. */
export function variablesNamed(line: string, directory: string): string {
  const [, list = ""] = /(?:env_file\s*:|EnvironmentFile\s*=)([\s\S]*)$/.exec(line) ?? [];
  const named = list.matchAll(
    /(?:^|[\s[,])(?:-\s*)?(?:path\s*:\s*)?["']?(?!-|required\s*:|format\s*:|path\s*:)([\w./-]+\w)/g,
  );
  const files = Array.from(named, ([, file = ""]) => fileNamed(`./${file}`, directory) ?? fileNamed(file, directory));
  return files.map((file) => file?.content ?? "").join("\n");
}

/** The scripts of the app's package.json, by their names. */
export function scriptsOf(directory: string): Map<string, string> {
  const { scripts } = manifestIn(directory);
  return new Map(
    Object.entries(Object(scripts)).filter((script): script is [string, string] => typeof script[1] === "string"),
  );
}
