import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const OVERRIDE = /^((?:.*[/\\])?(?:docker-)?compose)\.override(\.ya?ml)$/;

/** Whether a file adds to another one of the folder: `compose.override.yaml` to `compose.yaml`. */
export function isOver(file: string, names: readonly string[]): boolean {
  const [, name, extension] = OVERRIDE.exec(file) ?? [];
  return name !== undefined && names.includes(`${name}${extension}`);
}

/** The files that are laid over one of a folder, in their order: of compose, and drop-ins of systemd. */
export function filesOver(file: string, directory: string, names: readonly string[]): string[] {
  const override = file.replace(/\.ya?ml$/, ".override$&");
  if (isOver(override, names)) return names.filter((name) => name === override);
  if (!file.endsWith(".service")) return [];
  const folders = [join(dirname(file), "service.d"), `${file}.d`].filter((folder) => names.includes(folder));
  const dropIns = folders.flatMap((folder) => readdirSync(join(directory, folder)).map((name) => join(folder, name)));
  return dropIns.filter((path) => path.endsWith(".conf")).sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}
