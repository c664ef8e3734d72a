import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url);

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(new URL("docs/", ROOT))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Text that is not code. */
function prose(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}

/** What `#` can point to, as GitHub names headings. */
function anchors(markdown: string): string[] {
  return [...prose(markdown).matchAll(/^#+ +(.+?) *$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function linksIn(markdown: string): string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)/g)].map(([, link]) => link as string);
}

/** Why a relative link leads nowhere. */
function broken(link: string, page: URL): string | undefined {
  const target = new URL(link, page);
  const file = new URL(target);
  file.hash = "";
  if (!existsSync(file)) return `${link}: there is no ${fileURLToPath(file).slice(fileURLToPath(ROOT).length)}`;
  if (target.hash === "" || anchors(readFileSync(file, "utf8")).includes(target.hash.slice(1))) return undefined;
  return `${link}: there is no such heading`;
}

describe.each(PAGES)("%s", (name) => {
  const page = new URL(name, ROOT);
  const links = linksIn(readFileSync(page, "utf8"));

  test("has links that lead somewhere", () => {
    const relative = links.filter((link) => !/^[a-z]+:/i.test(link));
    expect(relative.flatMap((link) => broken(link, page) ?? [])).toEqual([]);
  });
});

test("links that lead nowhere are found", () => {
  const page = new URL("docs/rollout.md", ROOT);
  expect(linksIn("[a](b.md) ![c](d.svg) `[e](f)`\n```\n[g](h)\n```\n")).toEqual(["b.md", "d.svg"]);
  expect(broken("doctor.md#states", page)).toBeUndefined();
  expect(broken("nowhere.md", page)).toBe("nowhere.md: there is no docs/nowhere.md");
  expect(broken("#nowhere", page)).toBe("#nowhere: there is no such heading");
  expect(broken("../README.md#limits-of-it", page)).toBe("../README.md#limits-of-it: there is no such heading");
});
