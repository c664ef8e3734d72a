/** Whether a program is Node, by its path on any platform. */
export function isNode(file: string): boolean {
  return file === process.execPath || /(?:^|[\\/])node(?:\.exe)?$/i.test(file);
}
