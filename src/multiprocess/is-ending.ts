/** Whether the event loop turns no more: of what listeners of `exit` begin, promise reactions alone still run. */
export function isEnding(): boolean {
  return (process as { _exiting?: unknown })._exiting === true;
}
