/** Whether a program is Node, by its path on any platform. */
export function isNode(program: string): boolean {
  return program === process.execPath || /(?:^|[\\/])node(?:\.exe)?$/i.test(program);
}
