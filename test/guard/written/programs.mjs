import { readdirSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "programs");

/** All programs, each with the name of the file that it is in. */
export async function writtenPrograms() {
  const subjects = await Promise.all(
    readdirSync(folder).map(async (file) => {
      const { programs } = await import(join(folder, file));
      return programs.map((program) => ({ subject: file.replace(".mjs", ""), ...program }));
    }),
  );
  return subjects.flat();
}
