import { isPromise } from "../guard/promises.js";

type Callable = (...args: unknown[]) => unknown;

/**
 * A factory that shows what it makes before it gives it out. All else about the function stays as it is, properties
 * and `new` included.
 */
export function watchFactory(factory: Callable, made: (result: object) => void): Callable {
  const show = (result: unknown): unknown => {
    if (isPromise(result)) result.then(show, () => {});
    else if (typeof result === "object" && result !== null) made(result);
    return result;
  };
  return new Proxy(factory, {
    apply: (target, receiver, args) => show(Reflect.apply(target, receiver, args)),
    construct: (target, args, newTarget) => show(Reflect.construct(target, args, newTarget)) as object,
  });
}
