import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");

/** The rows of a table whose first cell names folders or files there. */
function rowsOf(folder: "src" | "test"): string[][] {
  return guide
    .split("\n")
    .filter((line) => line.startsWith(`| \`${folder}/`))
    .map((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""));
}

const floors = rowsOf("src");
/** Of all files of the sources that have no row of their own. */
const OTHERS = floors.findIndex((names) => names.includes("src/index.ts"));

function floorOf(file: string): number {
  const top = file.split("/").slice(0, 2).join("/");
  const named = floors.findIndex((names) => names.includes(top));
  return named < 0 && top.endsWith(".ts") ? OTHERS : named;
}

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((file) => join("src", file))
  .filter((file) => file.endsWith(".ts"));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import) "(\.[^"]*)\.js"/g)].map(([, path]) =>
    relative(root, normalize(join(root, dirname(file), `${path}.ts`))),
  );
}

test("every folder of the sources has a floor", () => {
  expect(sources.filter((file) => floorOf(file) < 0)).toEqual([]);
  expect(floors.flat().filter((name) => !statSync(join(root, name), { throwIfNoEntry: false }))).toEqual([]);
});

test("imports go down only", () => {
  const up = sources.flatMap((file) =>
    importsOf(file)
      .filter((imported) => floorOf(imported) < floorOf(file))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(up).toEqual([]);
});

test("no file of the engine imports in a circle, nor one of several processes", () => {
  const engine = sources.filter((file) => /^src\/(?:guard|methods|patch|multiprocess)\//.test(file));
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const file of importsOf(from)) if (!seen.has(file)) reached(file, seen.add(file));
    return seen;
  };
  expect(engine.filter((file) => reached(file).has(file))).toEqual([]);
});

test("every folder of the tests has a row", () => {
  const folders = readdirSync(join(root, "test"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `test/${name}`);
  expect(folders.filter((folder) => !rowsOf("test").flat().includes(folder))).toEqual([]);
});
