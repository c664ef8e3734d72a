import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Makes this package one that the apps here have installed. */
export function linkSelf() {
  const folder = fileURLToPath(new URL("../node_modules/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  try {
    symlinkSync(fileURLToPath(new URL("../../..", import.meta.url)), `${folder}flushguard`);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
}
