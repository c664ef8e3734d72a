/** Does for jest, which has a `require` of its own, what the hooks do: tells of each file of the package once it is evaluated. */
const { createHash } = require("node:crypto");
const { relative, sep } = require("node:path");

const basedir = process.env.UPSTREAM_GUARDED;

module.exports = {
  process(source, path) {
    if (basedir === undefined || !path.startsWith(`${basedir}${sep}lib${sep}`)) return { code: source };
    const file = JSON.stringify(relative(basedir, path).replaceAll(sep, "/"));
    return { code: `${source}\n;globalThis.flushguardLoaded?.(${file}, module.exports);` };
  },
  getCacheKey(source, path) {
    return createHash("sha256")
      .update(JSON.stringify([source, path, basedir]))
      .digest("hex");
  },
};
