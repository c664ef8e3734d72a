import { unview } from "../guard/buffers/view.js";
import type { Role } from "../guard/calls/wrappers.js";
import type { Engine } from "../guard/engine.js";
import type { GuardedClass } from "../guard/owner/guarded-class.js";
import type { Method } from "../methods/method.js";

/**
 * An engine whose wrappers also take note of the instance that they are called on, and of everything recorded.
 * @param noted called at each new instance
 */
export function noting(engine: Engine, noted: () => void): Engine {
  return {
    ...engine,
    wrapperFor(guarded, role, original, method, holder) {
      const wrapper = engine.wrapperFor(guarded, role, original, method, holder);
      if (role === "abort") return wrapper;
      return notingWrapper(guarded, role, wrapper ?? original, noted);
    },
  };
}

function notingWrapper(guarded: GuardedClass, role: Role, inner: Method, noted: () => void): Method {
  const { known } = guarded;
  const records = role === "record" || role === "use";
  return {
    method(this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      if (records) known.touched = true;
      if (typeof this === "object" && this !== null && !known.has(this) && known.add(unview(this))) noted();
      // biome-ignore-start lint/complexity/noArguments: the form that costs least, as in src/guard/calls/wrappers.ts
      switch (arguments.length) {
        case 0:
          return inner.call(this);
        case 1:
          return inner.call(this, a);
        case 2:
          return inner.call(this, a, b);
        case 3:
          return inner.call(this, a, b, c);
        default:
          return Reflect.apply(inner, this, arguments);
      }
      // biome-ignore-end lint/complexity/noArguments: see above
    },
  }.method;
}
