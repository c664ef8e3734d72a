// `node:worker_threads`, which tells it too, brings all of Node's streams with it: 2 ms that an app may never need.
/** Whether this thread is a worker or Node's loader thread, in which a process cannot be aborted. */
export function isWorker(): boolean {
  return (process.abort as { disabled?: boolean } | undefined)?.disabled === true;
}

/** Whether a worker is Node's own, for the hooks of `module.register`. */
export function isOfNode(worker: object): boolean {
  return worker.constructor.name === "InternalWorker";
}
