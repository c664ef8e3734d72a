/** One function for each bundler: bundles an entry, minified where that is usual, and gives the path of what it wrote. */
import { join } from "node:path";
import * as flushguard from "../../../dist/bundler.js";

/** hot-shots asks for it where a client speaks to a Unix socket; it is not installed. */
const ABSENT = "unix-dgram";
/** What CommonJS needs inside a bundle of ES modules: the builder's to give, as esbuild's documentation says. */
const REQUIRE =
  'import{createRequire as $createRequire}from"node:module";' +
  "const require=$createRequire(import.meta.url),__filename=import.meta.filename,__dirname=import.meta.dirname;";

/** @typedef {(entry: string, folder: string) => Promise<string>} Build */

/** @param {"cjs" | "esm"} format @returns {Build} */
const esbuild = (format) => async (entry, folder) => {
  const { build } = await import("esbuild");
  const outfile = join(folder, format === "esm" ? "bundle.mjs" : "bundle.cjs");
  await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: "node",
    format,
    ...(format === "esm" ? { banner: { js: REQUIRE } } : {}),
    outfile,
    external: [ABSENT],
    logLevel: "error",
    plugins: [flushguard.esbuild()],
  });
  return outfile;
};

/** @param {"webpack" | "rspack"} name @returns {Build} */
const webpack = (name) => async (entry, folder) => {
  const plugin = name === "webpack" ? flushguard.webpack() : flushguard.rspack();
  const { default: bundler } = await import(name === "webpack" ? "webpack" : "@rspack/core");
  const compiler = (bundler.rspack ?? bundler)({
    mode: "production",
    target: "node20",
    entry,
    output: { path: folder, filename: "bundle.cjs" },
    externals: { [ABSENT]: `commonjs ${ABSENT}` },
    plugins: [plugin],
  });
  await new Promise((resolve, reject) => {
    compiler.run((/** @type {unknown} */ error, /** @type {any} */ stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString({ all: false, errors: true })));
      else compiler.close(resolve);
    });
  });
  return join(folder, "bundle.cjs");
};

/** @param {"cjs" | "es"} format @returns {Build} */
const rollup = (format) => async (entry, folder) => {
  const { rollup } = await import("rollup");
  const [{ default: resolve }, { default: commonjs }, { default: json }] = await Promise.all([
    import("@rollup/plugin-node-resolve"),
    import("@rollup/plugin-commonjs"),
    import("@rollup/plugin-json"),
  ]);
  const bundle = await rollup({
    input: entry,
    external: [ABSENT],
    plugins: [
      flushguard.rollup(),
      resolve({ preferBuiltins: true, exportConditions: ["node"] }),
      commonjs({ ignore: [ABSENT] }),
      json(),
    ],
    onwarn() {},
  });
  const file = join(folder, format === "es" ? "bundle.mjs" : "bundle.cjs");
  await bundle.write({ file, format, inlineDynamicImports: true });
  return file;
};

/** @type {Build} */
const vite = async (entry, folder) => {
  const { build } = await import("vite");
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true, external: [ABSENT] },
    build: { ssr: entry, outDir: folder, minify: true, rollupOptions: { output: { entryFileNames: "bundle.mjs" } } },
    plugins: [flushguard.vite()],
  });
  return join(folder, "bundle.mjs");
};

/** ncc takes no plugins: it is given a bundle. @type {Build} */
const ncc = async (entry, folder) => {
  const { default: bundle } = await import("@vercel/ncc");
  const { writeFile } = await import("node:fs/promises");
  const { code } = await bundle(await esbuild("cjs")(entry, folder), { minify: true, quiet: true, cache: false });
  const file = join(folder, "ncc.cjs");
  await writeFile(file, code);
  return file;
};

/** Without those that are installed for `npm run bundlers` alone. @type {Record<string, Build>} */
export const installedBuilds = { "esbuild, CommonJS": esbuild("cjs"), "esbuild, ES module": esbuild("esm") };

/** @type {Record<string, Build>} */
export const builds = {
  ...installedBuilds,
  webpack: webpack("webpack"),
  rspack: webpack("rspack"),
  "rollup, CommonJS": rollup("cjs"),
  "rollup, ES module": rollup("es"),
  vite,
  ncc,
};
