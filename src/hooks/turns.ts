import { Module } from "node:module";
import { dirname, join, sep } from "node:path";

type Compile = (this: NodeJS.Module, content: string, filename: string, ...rest: unknown[]) => unknown;

/** The folder of the published files, which are no app's. */
export const OWN = join(import.meta.dirname, sep);

const { prototype } = Module as unknown as { prototype: { _compile: Compile } };

/**
 * Follows where an app turns to after its start: a launcher changes to its directory, or requires its first file.
 * @param turnsTo takes a folder, before anything in it runs
 * @returns the undo
 */
export function followApp(turnsTo: (folder: () => string) => void): () => void {
  const change = process.chdir;
  const compile = prototype._compile;
  const chdir = (directory: string): void => {
    change.call(process, directory);
    turnsTo(() => process.cwd());
  };
  Object.defineProperty(chdir, "name", { value: change.name });
  const _compile: Compile = function _compile(content, filename, ...rest) {
    if (!filename.includes("node_modules") && !filename.startsWith(OWN)) turnsTo(() => dirname(filename));
    return compile.call(this, content, filename, ...rest);
  };
  process.chdir = chdir;
  prototype._compile = _compile;
  return () => {
    if (process.chdir === chdir) process.chdir = change;
    if (prototype._compile === _compile) prototype._compile = compile;
  };
}
