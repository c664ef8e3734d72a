import { resolve } from "node:path";
import { manifestIn } from "../../../packages/manifest.js";
import { textOf } from "../text.js";

/** A file of the folder that a word names, by its path here or in an image. */
export function fileNamed(word: string, directory: string): { file: string; content: string } | undefined {
  if (!/^(?:\.{0,2}\/|[\w.-]+\/|[\w.-]+\.sh$)[\w./-]*$/.test(word)) return undefined;
  const parts = word.split("/").filter((part) => part !== "" && part !== ".");
  for (let from = 0; from < (word.startsWith("/") ? parts.length : 1); from++) {
    const file = parts.slice(from).join("/");
    const content = textOf(resolve(directory, file));
    if (content !== "") return { file, content };
  }
  return undefined;
}

/** What is in the file of variables that a line names. Empty: it names none. */
export function variablesNamed(line: string, directory: string): string {
  const [, file] = /(?:env_file\s*:|EnvironmentFile\s*=)\s*(?:-\s*)?["']?([^\s"']+)/.exec(line) ?? [];
  if (file === undefined) return "";
  return (fileNamed(`./${file}`, directory) ?? fileNamed(file, directory))?.content ?? "";
}

/** The scripts of the app's package.json, by their names. */
export function scriptsOf(directory: string): Map<string, string> {
  const { scripts } = manifestIn(directory);
  return new Map(
    Object.entries(Object(scripts)).filter((script): script is [string, string] => typeof script[1] === "string"),
  );
}
