import { createUnplugin } from "unplugin";
import { shown } from "../config/shown.js";
import { log } from "../log.js";
import { namedFiles, pathPattern } from "../named-files.js";
import { footerOf } from "./footer.js";

const plugin = createUnplugin((options: undefined) => {
  if (options !== undefined) {
    log.warn(`flushguard/bundler: found ${shown(options)}, expected no options: targets are in flushguard.config.json`);
  }
  const packages = namedFiles(log.warn);
  const id = pathPattern(packages.keys());
  return {
    name: "flushguard",
    // Before others turn CommonJS into something else.
    enforce: "pre",
    transform: {
      filter: { id },
      handler(code: string, path: string) {
        const footer = footerOf(path, code, packages);
        return footer === "" ? undefined : { code: code + footer, map: null };
      },
    },
    esbuild: { onLoadFilter: id },
  };
});

/**
 * Lets the clients in a bundle tell the guard of themselves, one plugin for each bundler. The bundle runs under the preload, or
 * has `import "flushguard/bundled"` as its first line; without either nothing happens in it.
 */
export const { esbuild, farm, rolldown, rollup, rsbuild, rspack, vite, webpack } = plugin;
