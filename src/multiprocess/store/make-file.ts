import { constants, fchmodSync, openSync } from "node:fs";
import { fileMode } from "./trust.js";

/**
 * Makes a file, for reading and writing, with the mode that it is to have, whatever the umask of the app.
 * @param flags of open(2), beside those for that
 * @throws where there is one, or the file system refuses
 */
export function makeFile(path: string, flags = 0): number {
  const mode = fileMode();
  const fd = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | flags, mode);
  try {
    fchmodSync(fd, mode);
  } catch {
    // A file system without modes.
  }
  return fd;
}
