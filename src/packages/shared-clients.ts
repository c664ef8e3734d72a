/** The packages whose metrics several processes can share. */
export const SHARED_CLIENTS: readonly string[] = ["prom-client", "@prometheus-io/client"];
