import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const OVERRIDE = /^((?:.*[/\\])?(?:docker-)?compose)\.override(\.ya?ml)$/;

/** Whether a file adds to another one of the folder: `compose.override.yaml` to `compose.yaml`. */
export function isOver(file: string, names: readonly string[]): boolean {
  const [, name, extension] = OVERRIDE.exec(file) ?? [];
  return name !== undefined && names.includes(`${name}${extension}`);
}

/** What runs a Procfile reads a file of variables for it, unless Heroku does. */
const RUNS_PROCFILE =
  /(?:^|[\s"'/&;])(?:nf|foreman|honcho|overmind)["',\s]+start\b(?:.*?\s(?:-e|--env)["',\s=]+([^\s"',]+))?/m;

/**
 * The files that are laid over one of a folder, in their order: of compose, drop-ins of systemd, variables of a Procfile.
 * @param commands what starts something in the folder
 */
export function filesOver(
  file: string,
  directory: string,
  names: readonly string[],
  commands: readonly string[],
): string[] {
  if (/^Procfile\b/.test(file)) {
    const found = commands.map((command) => RUNS_PROCFILE.exec(command)).find((match) => match !== null);
    return found === undefined ? [] : [found[1] ?? ".env"];
  }
  const override = file.replace(/\.ya?ml$/, ".override$&");
  if (isOver(override, names)) return names.filter((name) => name === override);
  if (!file.endsWith(".service")) return [];
  const folders = [join(dirname(file), "service.d"), `${file}.d`].filter((folder) => names.includes(folder));
  const dropIns = folders.flatMap((folder) => readdirSync(join(directory, folder)).map((name) => join(folder, name)));
  return dropIns.filter((path) => path.endsWith(".conf")).sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}
