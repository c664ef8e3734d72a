/**
 * What takes long, and `npm test` leaves to `npm run test:proofs`: every client's proof, random programs, real servers and
 * agents, frameworks and runtimes with packages of their own, the longer runs of several processes.
 */
export const PROOFS = [
  "test/bundlers/**",
  "test/doctor/run.test.ts",
  "test/drain/{api,before-exit,lambda,recipes,signals,ten-clients,to-the-end}.test.ts",
  "test/examples/**",
  "test/exit/**",
  "test/export-patch/{clients,command}.test.ts",
  "test/failed-sends/**",
  "test/frozen/**",
  "test/guard/random/**",
  "test/left-alone/**",
  "test/multiprocess/{clients,cluster,fuzz,machines,processes,prometheus,reproduce,signal-exit,without-locks}.test.ts",
  "test/multiprocess/every-node/**",
  "test/new-target/**",
  "test/observe/proofs.test.ts",
  "test/patch/{next-to-agents,reach}.test.ts",
  "test/preload/unreached.test.ts",
  "test/proofs/**",
  "test/refused/**",
  "test/report/page.test.ts",
  "test/runners/**",
  "test/scan/labels.test.ts",
  "test/telemetry/prometheus.test.ts",
].map((place) => place.replace(/\*\*$/, "**/*.test.ts"));

/** The clients that a proof takes: these, or under `npm run test:every-client` all. */
export function clientsOf(few: readonly string[], all: readonly string[]): readonly string[] {
  return process.env.EVERY_CLIENT === undefined ? few : all;
}
