import { readFileSync } from "node:fs";
import { join } from "node:path";

const equivalent = JSON.parse(readFileSync(join(import.meta.dirname, "equivalent.json"), "utf8"));

/**
 * Why a mutant changes nothing that can be seen, where somebody has found out.
 * @param name as `described` gives it: its line number is left out of the comparison
 */
export function equivalentOf(name) {
  return equivalent[name.replace(/:\d+ {2}/, "  ")];
}

/** Prints the score of the mutants that were tried, and those that nothing has noticed. */
export function report(chosen, done) {
  const tried = chosen.filter(({ name }) => done.has(name));
  const survivors = tried.filter(({ name }) => done.get(name) === null);
  const excused = chosen.filter(({ name }) => equivalentOf(name) !== undefined);
  const killed = tried.length - survivors.length;
  for (const { name } of survivors) console.log(`survives  ${name}`);
  for (const { name } of excused) console.log(`equivalent  ${name}\n    ${equivalentOf(name)}`);
  const score = tried.length === 0 ? "–" : `${((100 * killed) / tried.length).toFixed(1)}%`;
  console.log(
    `\nscore ${score}: ${killed} of ${tried.length} killed; ${excused.length} equivalent, ${chosen.length - tried.length - excused.length} not tried`,
  );
  const byFile = grouped(tried);
  for (const [file, all] of byFile) {
    const alive = all.filter(({ name }) => done.get(name) === null).length;
    if (alive > 0) console.log(`${String(all.length - alive).padStart(5)} of ${String(all.length).padEnd(5)} ${file}`);
  }
}

function grouped(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.file, [...(groups.get(one.file) ?? []), one]);
  return groups;
}
