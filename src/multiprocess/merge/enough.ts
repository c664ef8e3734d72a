/** A retained file that is large is not written anew for each small one: so many have come together, */
const MOST_DEAD = 64;
/** or this part of it. */
const PART = 4;

/** Whether what dead processes have left is so much that it is time to fold it. */
export function isEnough(files: number, bytes: number, retained: number): boolean {
  return files >= MOST_DEAD || (files > 0 && bytes * PART >= retained);
}
