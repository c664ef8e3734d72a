type Kill = (pid: unknown, signal: number) => number;

/**
 * Takes the signals that the process sends itself. A handle hears of one in the next turn of the loop, which does not come where
 * nothing else is alive: the process would end as if there had been none. `process.kill` sends them by a method of the process:
 * https://github.com/nodejs/node/blob/v22.12.0/lib/internal/process/per_thread.js
 * @param take given the number of the signal; returns whether it has taken it, so that it is not sent
 * @returns gives back what is still ours
 */
export function takeOwnSignals(take: (signal: number) => boolean): () => void {
  const own = Object.getOwnPropertyDescriptor(process, "_kill");
  if (typeof own?.value !== "function") return () => {};
  const original: Kill = own.value;
  const { _kill } = {
    _kill(...args: Parameters<Kill>): number {
      const [pid, signal] = args;
      // A process id may also be written as a string.
      if (Number(pid) === process.pid && take(signal)) return 0;
      return Reflect.apply(original, this, args);
    },
  };
  Reflect.defineProperty(process, "_kill", { ...own, value: _kill });
  return () => {
    const { value } = Object.getOwnPropertyDescriptor(process, "_kill") ?? {};
    if (value === _kill) Reflect.defineProperty(process, "_kill", own);
  };
}
