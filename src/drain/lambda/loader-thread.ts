type Next = (specifier: string, context: object) => Promise<{ url: string }>;

let fronts: Readonly<Record<string, string>> = {};

/** Node calls it with what the thread of the app has handed over. */
export function initialize(data: typeof fronts): void {
  fronts = data;
}

/** Gives whoever imports the handler first a module in front of it. */
export async function resolve(specifier: string, context: object, next: Next): Promise<object> {
  const result = await next(specifier, context);
  const url = fronts[result.url];
  if (url === undefined) return result;
  fronts = {};
  return { url, format: "module", shortCircuit: true };
}
