import { COUNTER } from "./recorder.js";

/**
 * Scrapes the way Prometheus does.
 * @returns what the counter stands at with all its labels added up; undefined when the scrape fails
 */
export async function scrape(url: string): Promise<number | undefined> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) return undefined;
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${COUNTER.name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}
