import { fileURLToPath } from "node:url";
import { clientPackages, withFlushguard } from "flushguard/bundler/next";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { NEXT_WAY: way, NEXT_DIST: distDir } = process.env;
const config = { distDir, turbopack: { root }, outputFileTracingRoot: root };

export default way === "external"
  ? { ...config, serverExternalPackages: clientPackages }
  : withFlushguard({ ...config, serverExternalPackages: [] });
