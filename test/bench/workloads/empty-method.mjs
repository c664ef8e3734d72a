import { runInThisContext } from "node:vm";
import { API } from "../lib/paths.mjs";

const CALLS = 100_000;

const roles = {
  unguarded: undefined,
  held: { record: ["record"], flush: ["flush"] },
  swapped: { record: ["record"], flush: ["flush"], buffers: { buffer: "sum" } },
};

/**
 * A class whose method does nothing, from a source of its own: what is compiled from one text shares what it learns.
 * @param {number} n
 */
const classOf = (n) => runInThisContext(`(class Empty${n} { buffer = {}; record(value) {} async flush() {} })`);

/**
 * Calls of a method that does nothing.
 * @param {{ strategy: keyof typeof roles, classes: number }} args with one class the method is inlined into the loop, with
 * eight that take turns it is not
 */
export default async function emptyMethod({ strategy, classes }) {
  const Classes = Array.from({ length: classes }, (_, n) => classOf(n));
  const guarding = roles[strategy];
  if (guarding !== undefined) {
    const { guard } = await import(API);
    for (const Class of Classes) if (!guard(Class, guarding).guarded) throw new Error("the class is not guarded");
  }
  const instances = Classes.map((Class) => new Class());
  return () => {
    const began = performance.now();
    let sum = 0;
    for (const instance of instances) sum += calls(instance);
    const took = performance.now() - began;
    // Reads the sum, so that no loop can be left out.
    return sum < 0 ? 0 : (took * 1e6) / CALLS / classes;
  };
}

/** @param {{ record(value: number): void }} instance */
function calls(instance) {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) {
    instance.record(i);
    sum += i;
  }
  return sum;
}
