import { Laminar } from "@lmnr-ai/lmnr";

/** @param {string} url */
export function start(url) {
  const { protocol, hostname, port } = new URL(url);
  Laminar.initialize({
    projectApiKey: "proof",
    baseUrl: `${protocol}//${hostname}`,
    httpPort: Number(port),
    forceHttp: true,
    maxExportBatchSize: 10,
    instrumentModules: {},
  });
  return { record: (/** @type {string} */ name) => Laminar.startSpan({ name }).end(), flush: () => Laminar.flush() };
}
