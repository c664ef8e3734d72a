/** How the clients of these programs are guarded: each with a buffer of the name "buffer". */
export const SWAP = { batch: "swap", buffers: { buffer: "append" } };
export const HOLD = { batch: "hold" };
export const DETACHED = { batch: "detached" };
