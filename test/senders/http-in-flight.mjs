import { subscribe } from "node:diagnostics_channel";

/** @type {Set<unknown>} */
const waiting = new Set();

/** @param {string[]} channels @param {(request: unknown) => void} heard */
function on(channels, heard) {
  for (const channel of channels)
    subscribe(channel, (message) => heard(/** @type {{ request: unknown }} */ (message).request));
}

// Those of node:http, then those of fetch. A client that is refused may never read what the answer says.
on(["http.client.request.start", "undici:request:create"], (request) => waiting.add(request));
on(["http.client.response.finish", "http.client.request.error"], (request) => waiting.delete(request));
on(["undici:request:headers", "undici:request:error"], (request) => waiting.delete(request));

/** @returns {number} requests of this process that wait for their answers */
export const httpInFlight = () => waiting.size;
