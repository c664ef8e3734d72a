const SINK = new URL("../../dist/src/proofs/sinks/http.js", import.meta.url).href;
const EXITING = new URL("./exiting-sink.mjs", import.meta.url).href;

/** Gives the proofs the sink of this folder. */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  return resolved.url === SINK ? { ...resolved, url: EXITING } : resolved;
}
