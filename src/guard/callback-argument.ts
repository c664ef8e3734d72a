import type { Callbacks } from "./callbacks.js";
import type { Flight } from "./flight.js";
import { quiet } from "./promises.js";
import { after } from "./settling.js";

type Callback = (this: unknown, ...results: unknown[]) => unknown;

/** The arguments with a callback that does nothing at this position, unless a caller gave one. */
export function givenCallback(args: readonly unknown[], position: number | undefined): readonly unknown[] {
  if (position === undefined || args.some((arg) => typeof arg === "function")) return args;
  const given = Array.from({ length: Math.max(args.length, position + 1) }, (_, index) => args[index]);
  given[position] = (): void => {};
  return given;
}

/**
 * The arguments with the callback among them reporting its first call.
 * @param wanted whether the callback may still be called: one that comes after its batch was given up would clear the live buffer
 */
export function withCallback(
  args: readonly unknown[],
  callbacks: Callbacks,
  wanted: () => boolean = () => true,
): readonly unknown[] {
  return replaceCallback(args, (callback) => {
    callbacks.add();
    let first = true;
    return function (...results) {
      if (!wanted()) return undefined;
      if (first) callbacks.called();
      first = false;
      return Reflect.apply(callback, this, results);
    };
  });
}

/** The arguments with the callback among them called only when the flights are over. */
export function delayCallback(args: readonly unknown[], flights: readonly Flight[]): readonly unknown[] {
  return replaceCallback(
    args,
    (callback) =>
      function (...results) {
        const call = (): unknown => Reflect.apply(callback, this, results);
        quiet(after(flights)).then(call, call);
      },
  );
}

/** The last function among the arguments is the callback. Without one they are returned themselves. */
function replaceCallback(args: readonly unknown[], wrap: (callback: Callback) => Callback): readonly unknown[] {
  const index = args.findLastIndex((arg) => typeof arg === "function");
  return index === -1 ? args : args.with(index, wrap(args[index] as Callback));
}
