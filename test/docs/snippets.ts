import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);

/** A piece of code in the documents. */
export interface Snippet {
  /** File and line. */
  place: string;
  language: string;
  code: string;
}

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(new URL("docs/", ROOT))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The fenced pieces of code of all documents. */
export function snippets(): Snippet[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(new URL(page, ROOT), "utf8");
    return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language = "", 2: code = "", index }) => ({
      place: `${page}:${text.slice(0, index).split("\n").length}`,
      language,
      code,
    }));
  });
}
