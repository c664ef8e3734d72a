import { createRequire } from "node:module";
import { lateFileIfThere } from "../late-file.js";

const require = createRequire(import.meta.url);

/**
 * ` (did you mean "count"?)`, or nothing where no known word is like this one.
 * @param prefix what all the known ones begin with
 */
export function didYouMean(word: string, known: Iterable<string>, prefix?: string): string {
  const nearest = lateFileIfThere(() => require("./nearest.js") as typeof import("./nearest.js"));
  return nearest?.didYouMean(word, known, prefix) ?? "";
}
