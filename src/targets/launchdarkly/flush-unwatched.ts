interface EventProcessor {
  flush(): Promise<void>;
}

/** Sends what a close, which only stops the timers, would leave in the queue. It returns nothing, so nobody can wait for it. */
export function flushUnwatched(events: EventProcessor): void {
  events.flush().catch(() => {});
}
