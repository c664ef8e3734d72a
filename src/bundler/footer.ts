import { basename } from "node:path";
import { BUNDLED, FORMAT } from "../hooks/bundled.js";
import { bindingsSource } from "../hooks/footer.js";
import type { NamedFiles } from "../named-files.js";
import { matchesFile } from "../packages/file-match.js";
import { installedVersion, UNKNOWN } from "../packages/installed-version.js";
import { packageFileOf } from "../packages/package-file.js";
import { syntaxOf } from "./syntax.js";

/**
 * What lets a file of a client tell the guard of itself from inside a bundle, on lines after its last one: its own lines and
 * source map stay as they are. Version and path are written into it, as a bundle keeps neither.
 * @param path absolute; with the query that some bundlers add
 * @param code its text
 * @returns "" where it is not a file that a target names
 */
export function footerOf(path: string, code: string, packages: ReadonlyMap<string, NamedFiles>): string {
  const [file = ""] = path.split("?", 1);
  // Modules that bundlers make up.
  if (path.startsWith("\0") || code.includes(BUNDLED)) return "";
  const at = packageFileOf(file.replaceAll("\\", "/"), "/");
  const named = packages.get(at?.name ?? "");
  if (at === undefined || !named?.files.some((pattern) => matchesFile(pattern, at.file))) return "";
  const version = installedVersion(at.basedir);
  const syntax = syntaxOf(code);
  if (version === UNKNOWN || syntax === undefined) return "";
  const told = [FORMAT, at.name, version, at.file].map((value) => JSON.stringify(value)).join();
  if (!syntax.module)
    return `\n;${push(`${told},()=>module.exports,($flushguardValue)=>{module.exports=$flushguardValue}`)}\n`;
  const bindings = bindingsSource(named.functions.filter((name) => syntax.assignable.has(name)));
  const self = JSON.stringify(`./${basename(at.file)}`);
  return `\n;import*as $flushguardSelf from${self};${push(`${told},()=>$flushguardSelf,{${bindings}}`)}\n`;
}

function push(entry: string): string {
  return `(globalThis[globalThis.Symbol.for(${JSON.stringify(BUNDLED)})]??=[]).push([${entry}]);`;
}
