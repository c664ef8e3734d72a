import { createRequire } from "node:module";
import { ownFile } from "../own-file.js";

const require = createRequire(import.meta.url);

/**
 * ` (did you mean "count"?)`, or nothing where no known word is like this one.
 * @param prefix what all the known ones begin with
 */
export function didYouMean(word: string, known: Iterable<string>, prefix?: string): string {
  const nearest = ownFile(() => require("./nearest.js") as typeof import("./nearest.js"));
  return nearest?.didYouMean(word, known, prefix) ?? "";
}
