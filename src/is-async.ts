const COMPILED = /\b(?:__awaiter|__async|_asyncToGenerator|asyncToGenerator)\b/;

/** Whether its calls give promises that nobody but the caller has, as those of an async function are, also of a compiled one. */
export function isAsync(method: (this: never, ...args: never[]) => unknown): boolean {
  if (Object.prototype.toString.call(method) === "[object AsyncFunction]") return true;
  return COMPILED.test(Function.prototype.toString.call(method));
}
