import { type Restore, replaceMethod } from "../../methods/wrap-method.js";
import { recording } from "./record-watch.js";
import type { Metric } from "./shapes.js";

type Method = (this: Metric, ...args: unknown[]) => unknown;

/**
 * What prom-client 15 makes the method of each counter and histogram as it constructs it. What a metric of 14 is recorded
 * through may have been bound before anybody could wrap it.
 */
const RECORDERS = {
  counter: { from: "incWithoutExemplar", to: "inc" },
  histogram: { from: "observeWithoutExemplar", to: "observe" },
} as const;

export type RecorderType = keyof typeof RECORDERS;

const originals = new WeakMap<object, Method>();

export function isRecorderType(type: string): type is RecorderType {
  return type in RECORDERS;
}

/** Has the metrics of this class that are made from now on tell when they are recorded into. */
export function wrapRecorders(prototype: object, type: RecorderType): Restore[] {
  const methods = prototype as Record<string, Method>;
  const { from } = RECORDERS[type];
  const original = methods[from];
  if (typeof original !== "function") return [];
  const wrapper = telling(original);
  originals.set(wrapper, original);
  const restores = [replaceMethod(prototype, from, wrapper as never)];
  const labels = methods.labels;
  if (type === "histogram" && typeof labels === "function") {
    // Its `observe` is that of no class.
    const wrapped: Method = function (...args) {
      const children = labels.apply(this, args) as { observe: (value: unknown) => unknown };
      const { observe } = children;
      children.observe = (value) => {
        const watch = recording(this);
        try {
          return observe(value);
        } finally {
          watch?.over();
        }
      };
      return children;
    };
    restores.push(replaceMethod(prototype, "labels", named(wrapped, labels) as never));
  }
  return restores;
}

/** Whether the metric tells when it is recorded into, in all ways there are. */
export function tells(metric: Metric, type: RecorderType): boolean {
  const own = Object.getOwnPropertyDescriptor(metric, RECORDERS[type].to);
  return typeof own?.value === "function" && originals.has(own.value as object);
}

/** Gives the metric the method that it would have without this. */
export function untell(metric: Metric, type: RecorderType): void {
  const { to } = RECORDERS[type];
  const methods = metric as unknown as Record<string, Method>;
  const original = originals.get(methods[to] as object);
  if (original !== undefined) methods[to] = original;
}

function telling(original: Method): Method {
  const wrapper: Method = function () {
    const watch = recording(this);
    try {
      // biome-ignore lint/complexity/noArguments: it is called with as many as there are, at no cost.
      return original.apply(this, arguments as unknown as unknown[]);
    } finally {
      watch?.over();
    }
  };
  return named(wrapper, original);
}

function named(wrapper: Method, { name, length }: Method): Method {
  return Object.defineProperties(wrapper, {
    name: { value: name, configurable: true },
    length: { value: length, configurable: true },
  });
}
