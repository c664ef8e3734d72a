/** Prints what an app gets with this package, in CycloneDX: what is installed with it, and what is inside its files. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./layout.mjs";
import { noticedPackages } from "./notices.mjs";

const app = mkdtempSync(join(tmpdir(), "flushguard-sbom-"));
const npm = (/** @type {string[]} */ ...args) => execFileSync("npm", args, { cwd: app, encoding: "utf8" });

try {
  writeFileSync(join(app, "package.json"), '{ "name": "app", "version": "0.0.0", "private": true }\n');
  npm("pack", "--silent", "--ignore-scripts", "--pack-destination", app, ROOT);
  const [tarball = ""] = readdirSync(app).filter((file) => file.endsWith(".tgz"));
  npm("install", "--silent", "--package-lock-only", join(app, tarball));
  const bom = JSON.parse(npm("sbom", "--package-lock-only", "--sbom-format", "cyclonedx", "--sbom-type", "library"));
  const own = bom.components.find((/** @type {{ name: string }} */ { name }) => name === "flushguard");
  own.components = noticedPackages().map(({ name, version, license }) => ({
    "bom-ref": `flushguard|${name}@${version}`,
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    licenses: [{ license: { id: license } }],
  }));
  console.log(JSON.stringify(bom, null, 2));
} finally {
  rmSync(app, { recursive: true });
}
