import { createRequire } from "node:module";
import { join } from "node:path";
import type { InstallHooks } from "../hooks/hooks.js";
import { hookOutsideNode } from "../hooks/outside-node.js";
import { reportCommonJs } from "../hooks/report.js";
import { Watch } from "../hooks/watch.js";
import { namedFiles } from "../named-files.js";
import { copiesOf, filesLike } from "./copies.js";

/** The parts of Jest's object that are used: https://jestjs.io/docs/jest-object */
interface Jest {
  doMock(path: string, factory: () => unknown): void;
  requireActual(path: string): unknown;
}

const require = createRequire(import.meta.url);

/**
 * The hooks of a test file under Jest, which loads modules itself, anew for each test file: a file that a target names is given
 * as a mock that is the file itself, and reported when a test loads it.
 */
export const installInJest: InstallHooks = (modules, onLoad, onError) => {
  const { jest } = require("@jest/globals") as { jest: Jest };
  const watch = new Watch(onLoad, onError);
  const named = namedFiles();
  const hookFile = (name: string, basedir: string, file: string): void => {
    const path = join(basedir, file);
    jest.doMock(path, () => {
      let exports = jest.requireActual(path);
      reportCommonJs(watch, { name, basedir, file }, exports, (value) => {
        exports = value;
      });
      return exports;
    });
  };
  const hookFiles = (name: string): void => {
    const patterns = named.get(name)?.files ?? [undefined];
    for (const folder of copiesOf(name)) {
      for (const file of patterns.flatMap((pattern) => filesLike(folder, pattern))) hookFile(name, folder, file);
    }
  };
  return hookOutsideNode(watch, modules, (added) => {
    for (const { name } of added) watch.attempt(name, () => hookFiles(name));
  });
};
