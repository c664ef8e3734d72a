/** The clients whose metrics can be shared, and the versions that were read and run. */
export const COVERED = {
  "prom-client": "^13 || ^14 || ^15",
  "@prometheus-io/client": ">=0.16 <1",
} as const;
