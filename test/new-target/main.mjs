/**
 * Writes the three pieces of a new target: a declaration to fill in, a proof that fails until it is written, and the line
 * in the list.
 *
 *     npm run new-target some-client
 *
 * Exit code: 0 when they are written, 2 when nothing is, with one line that says why.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileOf, targets } from "../../dist/src/targets/list.js";
import { declaration, proof } from "./templates.mjs";

const ROOT = new URL("../../", import.meta.url);
const LIST = "src/targets/list.ts";
/** What npm takes as the name of a new package, and what no file name is harmed by. */
const NAME = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
const LONGEST_NAME = 214;

const at = (path) => new URL(path, ROOT);

/** Why nothing can be written for this name. */
function obstacle(name, others, paths) {
  if (name === undefined || others.length > 0) return "expected one package name: npm run new-target some-client";
  if (!NAME.test(name) || name.length > LONGEST_NAME)
    return `${JSON.stringify(name)} is not the name of a package on npm`;
  if (targets.some(({ module }) => module === name)) return `${name} is in ${LIST} already`;
  const taken = paths.find((path) => existsSync(at(path)));
  return taken === undefined ? undefined : `${taken}, where ${name} would go, is there already`;
}

/** The version in this repository's node_modules. */
function installedVersion(name) {
  const manifest = at(`node_modules/${name}/package.json`);
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

/** The text of the list with a line for the target where it is to be in the order. */
function withEntry(list, name) {
  const next = [...list.matchAll(/^ {2}entry\(\s*"([^"]+)"/gm)].find(([, module]) => module > name);
  const position = next?.index ?? list.lastIndexOf("];");
  return `${list.slice(0, position)}  entry("${name}"),\n${list.slice(position)}`;
}

function write(name, [declarationPath, proofPath]) {
  const installed = installedVersion(name);
  writeFileSync(at(declarationPath), declaration(name, installed));
  writeFileSync(at(proofPath), proof(name, fileOf(name)));
  writeFileSync(at(LIST), withEntry(readFileSync(at(LIST), "utf8"), name));
  const steps = [
    ...(installed === undefined ? [`npm install --save-dev --save-exact ${name}`] : []),
    `write ${proofPath}, until the unguarded run counts a loss`,
    `write ${declarationPath}, until the guarded run counts none`,
    `see both with: npm run build && node dist/cli-main.cjs verify ${name}`,
    "npm run table",
  ];
  console.log(`${declarationPath}\n${proofPath}\n${LIST}, one line\n\nNext:`);
  for (const [index, step] of steps.entries()) console.log(`  ${index + 1}. ${step}`);
}

const [name, ...others] = process.argv.slice(2);
const paths = name === undefined ? [] : ["targets", "proofs"].map((folder) => `src/${folder}/${fileOf(name)}.ts`);
const reason = obstacle(name, others, paths);
if (reason === undefined) {
  write(name, paths);
} else {
  console.error(`new-target: ${reason}`);
  process.exitCode = 2;
}
