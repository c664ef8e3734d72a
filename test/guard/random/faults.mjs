import { AsyncResource } from "node:async_hooks";

/** Made outside of every program, so in none of their contexts. */
const elsewhere = new AsyncResource("elsewhere");
/** A value that every program of some length records. */
const ODD = 1;

const records = (change) => ({ record: change });
const flushes = (change) => ({ flush: change });

/** Where a flush gives a promise, what becomes of it. */
const promised = (change) =>
  flushes((original, self, args) => {
    const result = original.apply(self, args);
    return result instanceof Promise ? change(result) : result;
  });

/**
 * Guards that are worse than none, each in the one way that it is named after: what a method does in place of the original.
 * The comparer has to find every one.
 */
export const faults = {
  nothing: {},
  lost: records((original, self, [v]) => (v === ODD ? undefined : original.call(self, v))),
  dup: records((original, self, [v]) => {
    if (v === ODD) original.call(self, v);
    return original.call(self, v);
  }),
  stranded: records((original, self, [v]) => {
    if (v !== ODD) return original.call(self, v);
    setTimeout(() => original.call(self, v), 100).unref();
  }),
  order: records((original, self, [v]) => {
    if (v !== ODD) return original.call(self, v);
    queueMicrotask(() => original.call(self, v));
  }),
  context: records((original, self, args) => elsewhere.runInAsyncScope(original, self, ...args)),
  return: records((original, self, args) => {
    original.apply(self, args);
    return 42;
  }),
  refused: records((original, self, [v]) => {
    if (v === ODD) throw new Error("refused");
    return original.call(self, v);
  }),
  swallowed: records((original, self, args) => {
    try {
      return original.apply(self, args);
    } catch {}
  }),
  keys: records((original, self, args) => {
    if (Object.isExtensible(self)) self.guarded = true;
    return original.apply(self, args);
  }),
  throws: flushes(() => {
    throw new TypeError("a guard's own");
  }),
  uncaught: flushes((original, self, args) => {
    setTimeout(() => {
      throw new TypeError("a guard's own");
    });
    return original.apply(self, args);
  }),
  unhandled: promised((result) => {
    void Promise.reject(new Error("a guard's own"));
    return result;
  }),
  rejects: promised((result) => result.then(() => Promise.reject(new Error("a guard's own")))),
  value: promised((result) => result.then(() => "another")),
  hang: promised((result) => result.then(() => new Promise((resolve) => setTimeout(resolve, 1000)))),
  exit: promised((result) => result.then(() => new Promise((resolve) => setTimeout(resolve, 10).unref()))),
  early: promised((result) => {
    result.catch(() => {});
    return Promise.resolve();
  }),
  callback: flushes((original, self, [done, ...others]) => {
    if (typeof done !== "function") return original.call(self, done, ...others);
    return original.call(self, (...results) => {
      done(...results);
      done(...results);
    });
  }),
};

/** A guard with one of those faults, in the form of what `engineOf` gives. */
export function faultyGuard(fault) {
  return {
    guard(value, roles) {
      const holder = typeof value === "function" ? value.prototype : value;
      const restores = Object.entries(fault).flatMap(([role, change]) =>
        (roles[role] ?? []).map((name) => replace(holder, name, change)),
      );
      return {
        guarded: true,
        reason: undefined,
        restore: () => {
          for (const restore of restores) restore();
        },
      };
    },
    disable() {},
    enable() {},
  };
}

function replace(holder, name, change) {
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const original = holder[name];
  if (Object.isFrozen(holder)) return () => {};
  Object.defineProperty(holder, name, {
    value(...args) {
      return change(original, this, args);
    },
    writable: true,
    configurable: true,
  });
  return () => {
    if (own === undefined) delete holder[name];
    else Object.defineProperty(holder, name, own);
  };
}
