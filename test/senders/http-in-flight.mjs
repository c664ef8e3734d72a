import { subscribe } from "node:diagnostics_channel";

let requests = 0;
const began = () => requests++;
const ended = () => requests--;

// Those of node:http, then those of fetch.
subscribe("http.client.request.start", began);
subscribe("http.client.response.finish", ended);
subscribe("undici:request:create", began);
subscribe("undici:request:trailers", ended);

/** @returns {number} requests of this process that wait for their answers */
export const httpInFlight = () => requests;
