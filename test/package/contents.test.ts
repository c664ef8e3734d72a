import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { noticedPackages } from "../../build/notices.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Manifest {
  name: string;
  version: string;
  exports?: object;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
const manifest = manifestIn(ROOT);
const [{ files, unpackedSize }] = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: ROOT, encoding: "utf8" }),
) as [{ files: { path: string }[]; unpackedSize: number }];
const paths = files.map(({ path }) => path);

/** The folders of the packages that are installed with one, by Node's rules; optional ones left out. */
function dependenciesOf(folder: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(manifestIn(folder).dependencies ?? {})) {
    let at = folder;
    while (!readdirSync(at).includes("node_modules") || !isFolder(join(at, "node_modules", name))) at = dirname(at);
    const dependency = join(at, "node_modules", name);
    if (found.has(dependency)) continue;
    found.add(dependency);
    dependenciesOf(dependency, found);
  }
  return found;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => !file.slice(folder.length).includes("/node_modules/") && statSync(file).isFile());
}

test("what is installed with it is small: dependencies, packages, files and bytes, optional ones left out", () => {
  const dependencies = [...dependenciesOf(ROOT)];
  const others = dependencies.flatMap(filesIn);
  const bytes = unpackedSize + others.reduce((sum, file) => sum + statSync(file).size, 0);
  const count = paths.length + others.length;
  console.log(
    `npm install flushguard: ${dependencies.length + 1} packages, ${count} files, ${(bytes / 1e6).toFixed(1)} MB; ` +
      `${paths.length} files and ${(unpackedSize / 1e6).toFixed(1)} MB are its own`,
  );
  expect(Object.keys(manifest.dependencies ?? {})).toEqual([
    "async-mutex",
    "require-in-the-middle",
    "semver",
    "shimmer",
  ]);
  expect(Object.keys(manifest.optionalDependencies ?? {})).toEqual(["fs-native-extensions"]);
  expect(dependencies.length + 1).toBeLessThanOrEqual(10);
  expect(count).toBeLessThanOrEqual(250);
  expect(bytes).toBeLessThanOrEqual(3_000_000);
});

test("its pages link to what is in it", () => {
  // The sources are beside README.md wherever it is shown as a page.
  const pages = paths.filter((path) => path.endsWith(".md") && path !== "README.md");
  const links = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\(([^)\s#]+)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/i.test(link))
      .map((link) => ({ page, file: relative(ROOT, join(ROOT, dirname(page), link)) })),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ file }) => !paths.includes(file))).toEqual([]);
});

test("nothing of it runs a script as it is installed", () => {
  const optional = Object.keys(manifest.optionalDependencies ?? {}).map((name) => join(ROOT, "node_modules", name));
  const all = [ROOT, ...dependenciesOf(ROOT), ...optional.flatMap((folder) => [folder, ...dependenciesOf(folder)])];
  const scripts = all.flatMap((folder) => Object.keys(manifestIn(folder).scripts ?? {}));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
});

test("a dependency that is also inside the files is there in the version that is installed", () => {
  const inside = noticedPackages();
  expect(inside.map(({ name }) => name)).toContain("require-in-the-middle");
  for (const { name, version } of inside) {
    const wanted = manifest.dependencies?.[name];
    if (wanted !== undefined) expect([name, wanted]).toEqual([name, version]);
    expect([name, manifestIn(join(ROOT, "node_modules", name)).version]).toEqual([name, version]);
  }
});

test("everything that is inside the files has its licence published", () => {
  const maps = [join(ROOT, "dist"), join(ROOT, "dist/src/maps")].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".cjs.map"))
      .map((file) => join(folder, file)),
  );
  const sources = maps.flatMap((map) => (JSON.parse(readFileSync(map, "utf8")) as { sources: string[] }).sources);
  const packages = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  const noticed = noticedPackages();
  expect(noticed.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(packages), "acorn", "diff"]));
  for (const { license } of noticed) expect(license).toMatch(/^(?:MIT|ISC|0BSD|BSD-[23]-Clause)$/);
});

test("the declarations are those that the public types reach, and all of them", () => {
  const declarations = paths.filter((path) => /\.d\.c?ts$/.test(path));
  expect(declarations).toContain("dist/types/index.d.ts");
  expect(declarations.filter((path) => !path.startsWith("dist/types/"))).toEqual([]);
  expect(declarations.filter((path) => /\/(?:cli|scan|report|proofs|export-patch)\//.test(path))).toEqual([]);
  const reached = declarations.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return [...text.matchAll(/\b(?:from |import\()"(\.\.?\/[^"]+)\.js"/g)].map(([, specifier]) =>
      join(dirname(path), `${specifier}.d.ts`),
    );
  });
  const entries = [...JSON.stringify(manifest.exports).matchAll(/"types":"\.\/([^"]+)"/g)].map(([, path]) => path);
  expect(new Set([...reached, ...entries])).toEqual(new Set(declarations));
});
