import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";
import { listScripts } from "../../dist/src/scan/folders.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "flushguard-browser-builds-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function listed(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(root, "app-"));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return listScripts([folder], () => {}).files.map((file) => relative(folder, file));
}

const MODULE = "node_modules/client";
const BUILD = `${MODULE}/dist/client.min.js`;

it("a build for browsers that its package does not name is not read", () => {
  const files = {
    [`${MODULE}/package.json`]: '{"main":"index.js","unpkg":"dist/client.min.js"}',
    [`${MODULE}/index.js`]: "",
  };
  expect(listed({ ...files, [BUILD]: "" })).toEqual([`${MODULE}/index.js`]);
});

it.each([
  ["by its main", '{"main":"dist/client.min.js"}', ""],
  ["by its exports", '{"exports":{"node":"./dist/client.min.js"}}', ""],
  ["by a script that chooses it", '{"main":"index.js"}', 'module.exports = require("./dist/client.min");'],
])("one that is named %s is read", (_, manifest, index) => {
  const files = { [`${MODULE}/package.json`]: manifest, [`${MODULE}/index.js`]: index };
  expect(listed({ ...files, [BUILD]: "" })).toContain(BUILD);
});

it("one of the app's own is read", () => {
  expect(listed({ "public/app.min.js": "" })).toEqual(["public/app.min.js"]);
});

it.each(["amd", "cjs-browser", "global", "min"])(
  "one in a folder %s is not read where its package does not name it",
  (folder) => {
    const files = { [`${MODULE}/package.json`]: '{"main":"index.js"}', [`${MODULE}/build/${folder}/client.js`]: "" };
    expect(listed(files)).toEqual([]);
  },
);

it.each([
  ["not read", '{"main":"index.js","unpkg":"dist/umd/index.js"}', []],
  ["read where its package names it", '{"main":"dist/umd/index.js"}', [`${MODULE}/dist/umd/index.js`]],
])("a build in a folder for browsers is %s", (_, manifest, read) => {
  const files = { [`${MODULE}/package.json`]: manifest, [`${MODULE}/dist/umd/index.js`]: "" };
  expect(listed(files)).toEqual(read);
});

it.each([
  ["beside a page is not read", { [`${MODULE}/dist/index.html`]: "" }, []],
  ["beside no page is read", {}, [`${MODULE}/dist/assets/index-BwOPSdeb.js`]],
])("what lies among the assets %s", (_, page, read) => {
  const files = { [`${MODULE}/package.json`]: "{}", [`${MODULE}/dist/assets/index-BwOPSdeb.js`]: "", ...page };
  expect(listed(files)).toEqual(read);
});
