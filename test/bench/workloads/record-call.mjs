import { clients } from "./clients.mjs";

const CALLS = 5000;

/**
 * Record calls on a client with nothing in flight.
 * @param {{ client: keyof typeof clients }} args
 */
export default async function recordCall({ client }) {
  const { record, flush } = await clients[client](0, false);
  return async () => {
    // Some keep every value until they are flushed.
    await flush();
    const began = performance.now();
    record(CALLS);
    return ((performance.now() - began) * 1e6) / CALLS;
  };
}
