import { ignore } from "../../methods/promises.js";

/** Read on a view, gives the object it is a view of. */
const VIEWED = Symbol("flushguard.viewed");

/** Read on a view, tells whether it shows anything else than the object itself. */
const DIFFERS = Symbol("flushguard.differs");

/** An object as the original flush sees it: some properties are replaced, all others are the object's own. */
export interface View {
  proxy: object;
  /** The properties replaced. */
  replaced: Map<PropertyKey, unknown>;
  /** From here on the view is the object itself, for whoever still holds on to it. */
  end(): void;
}

/** @param touched told which property is about to be looked at or changed, and may replace it */
export function viewOf(
  object: object,
  replaced: Map<PropertyKey, unknown>,
  touched: (key: PropertyKey) => void = ignore,
): View {
  let isOver = false;
  const proxy: object = new Proxy(object, {
    get(target, key) {
      if (key === VIEWED) return target;
      if (key === DIFFERS) return !isOver;
      touched(key);
      // Accessors run on the proxy, so that they see the replaced fields too.
      return replaced.has(key) ? replaced.get(key) : Reflect.get(target, key, proxy);
    },
    set(target, key, value) {
      touched(key);
      if (!replaced.has(key)) return Reflect.set(target, key, value, proxy);
      replaced.set(key, value);
      return true;
    },
    defineProperty(target, key, property) {
      touched(key);
      if (!replaced.has(key) || !("value" in property)) return Reflect.defineProperty(target, key, property);
      replaced.set(key, property.value);
      return true;
    },
    getOwnPropertyDescriptor(target, key) {
      touched(key);
      const property = Reflect.getOwnPropertyDescriptor(target, key);
      return property?.configurable && replaced.has(key) ? { ...property, value: replaced.get(key) } : property;
    },
    deleteProperty(target, key) {
      touched(key);
      if (!replaced.has(key)) return Reflect.deleteProperty(target, key);
      replaced.set(key, undefined);
      return true;
    },
  });
  const end = (): void => {
    isOver = true;
    replaced.clear();
  };
  return { proxy, replaced, end };
}

/** The object behind a view; any other value is returned as it is. */
export function unview<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  return ((value as { [VIEWED]?: T })[VIEWED] as T | undefined) ?? value;
}

/** Whether a value is a view that is in use. */
export function isView(value: object): boolean {
  return (value as { [DIFFERS]?: boolean })[DIFFERS] === true;
}
