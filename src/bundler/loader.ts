import { namedFiles } from "../named-files.js";
import { footerOf } from "./footer.js";

/** What webpack and Turbopack call a loader on. */
interface LoaderContext {
  resourcePath: string;
  callback(error: null, code: string, sourceMap?: unknown): void;
}

const packages = namedFiles();

/** The plugin as a loader, for Turbopack, which has no plugins. */
export default function flushguard(this: LoaderContext, code: string, sourceMap?: unknown): void {
  this.callback(null, code + footerOf(this.resourcePath, code, packages), sourceMap);
}
