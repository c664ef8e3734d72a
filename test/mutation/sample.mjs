import fc from "fast-check";

/** So many of a list, the same ones for the same seed; all of it where no number is given. */
export function sampled(all, size, seed) {
  if (size === undefined || Number(size) >= all.length) return all;
  const [chosen] = fc.sample(fc.shuffledSubarray(all, { minLength: Number(size), maxLength: Number(size) }), {
    seed,
    numRuns: 1,
  });
  return chosen;
}
