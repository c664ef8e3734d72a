/**
 * Has all that ask while others are being answered share the next answer, which is begun after they have asked: however many
 * they are, one is made at a time and one waits.
 */
export function joined<Answer>(make: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<Answer> | undefined;
  const begin = () => {
    next = undefined;
    return make();
  };
  return () => {
    if (next === undefined) {
      next = last.then(begin);
      // Keeps nothing of it.
      last = next.then(over, over);
    }
    return next;
  };
}

function over(): void {}
