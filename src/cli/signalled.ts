const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Milliseconds between two looks at whether npx still runs. */
const LOOK_EVERY = 500;

/** Resolves at the first SIGTERM or SIGINT, or when npx has ended, which gets them and hands them to its shell alone. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const { ppid } = process;
    const isOfNpx = process.env.npm_command === "exec";
    const timer = isOfNpx ? setInterval(() => process.ppid !== ppid && stop(), LOOK_EVERY).unref() : undefined;
    const stop = () => {
      clearInterval(timer);
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
