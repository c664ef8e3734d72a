const SINK = new URL("../../dist/src/proofs/sinks/http.js", import.meta.url).href;
const EXITING = new URL("./exiting-sink.mjs", import.meta.url).href;

/** Gives the proofs the sink of this folder; that one gets theirs. */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  if (resolved.url !== SINK || context.parentURL === EXITING) return resolved;
  return { ...resolved, url: EXITING };
}
