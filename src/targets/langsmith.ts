import type { Target } from "../target.js";

/**
 * Run: 0.3.75, 0.3.87, 0.4.12, 0.7.17, 0.9.0, 0.10.11 and 0.12.0, both copies.
 *
 * A flush takes the queue once it knows the limits of the server, and waits for that batch only. What waits for the limits as
 * well may have taken it before. What `processRunOperation` promises is that its run was sent, whoever has sent it.
 */
export const target: Target = {
  module: "langsmith",
  versions: ">=0.3.75 <0.13.0",
  file: "{lib,dist}/client.{js,cjs,mjs}",
  export: "Client",
  flush: ["flush"],
  send: ["processRunOperation"],
  batch: "detached",
};
