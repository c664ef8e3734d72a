import { isReference } from "../../methods/owner.js";
import { ignore } from "../../methods/promises.js";
import { queueMicrotask } from "../../timers.js";
import { isDictionary } from "../buffers/shapes.js";
import type { Callbacks } from "./callbacks.js";

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

/**
 * The arguments with the callback among them called only after what is waited for.
 * @param rest asked when the client calls it; never rejects. Undefined: nothing
 */
export function delayCallback(args: readonly unknown[], rest: () => Promise<unknown> | undefined): readonly unknown[] {
  return replaceCallback(
    args,
    (callback) =>
      function (...results) {
        const waits = rest();
        if (waits === undefined) return Reflect.apply(callback, this, results);
        void waits.then(() => Reflect.apply(callback, this, results));
        return undefined;
      },
  );
}

/** Whether a callback is among the arguments. */
export function hasCallback(args: readonly unknown[]): boolean {
  return args.some((arg) => typeof arg === "function");
}

/** Whether one call asks for the same as another: of two functions, or two objects, nothing tells them apart. */
export function isAlike(args: readonly unknown[], others: readonly unknown[]): boolean {
  const longer = args.length < others.length ? others : args;
  return longer.every((_, index) => {
    const [one, other] = [args[index], others[index]];
    return one === other || (isReference(one) && typeof one === typeof other && isReference(other));
  });
}

/** Whether a call is made with nothing. */
export function isBare(args: readonly unknown[]): boolean {
  return args.every((arg) => arg === undefined);
}

/** Whether a call may be made once more with these: nothing among them is data, or would be called a second time. */
export function areRepeatable(args: readonly unknown[]): boolean {
  return args.every(
    (arg) =>
      typeof arg === "function" || !isReference(arg) || (isDictionary(arg) && !Object.values(arg).some(isReference)),
  );
}

/** Gives the callback among the arguments the error of a call whose caller has long returned. */
export function toCallback(args: readonly unknown[]): (error: unknown) => void {
  return (error) => callbackOf(args)?.(error);
}

/** Calls the callback among the arguments back, once the stack is empty, as if the call had nothing to do. */
export function callBack(args: readonly unknown[]): void {
  const callback = callbackOf(args);
  if (callback !== undefined) queueMicrotask(() => callback());
}

/** The arguments with a callback that does nothing in the place of the one among them. */
export function withoutCallback(args: readonly unknown[]): readonly unknown[] {
  return replaceCallback(args, () => ignore);
}

function callbackOf(args: readonly unknown[]): Callback | undefined {
  return args.findLast((arg): arg is Callback => typeof arg === "function");
}

/** The last function among the arguments is the callback. Without one they are returned themselves. */
function replaceCallback(args: readonly unknown[], wrap: (callback: Callback) => Callback): readonly unknown[] {
  const index = args.findLastIndex((arg) => typeof arg === "function");
  return index === -1 ? args : args.with(index, wrap(args[index] as Callback));
}
