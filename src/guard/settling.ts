import type { Flight } from "./flight.js";
import { ignore, quiet } from "./promises.js";
import { unview } from "./view.js";

/** Called once when what is followed has settled. */
export type Settled = (error?: { cause: unknown }) => void;

/**
 * Follows the promise a flush or send returned, and gives the one its caller gets: it settles after the flights that
 * were in flight before, whose batches hold what had been recorded by then, and rejects when one of them failed.
 * @param callersAlone whether nobody but the caller can have handled a rejection: then it stays the caller's to handle.
 * Otherwise the client may have done so itself, and a promise of ours must not report it again.
 * @param viewed whether the promise may give a view of the instance
 */
export function follow(
  promise: Promise<unknown>,
  settled: Settled,
  earlier: readonly Flight[],
  callersAlone: boolean,
  viewed = false,
): Promise<unknown> {
  if (!callersAlone && !viewed && earlier.length === 0) {
    promise.then(
      () => settled(),
      (cause: unknown) => settled({ cause }),
    );
    return promise;
  }
  const followed: Promise<unknown> = promise.then(
    async (value) => {
      settled();
      await after(earlier).catch((cause: unknown) => {
        // The client's own promise was fulfilled: a caller that ignores it must not be told of a rejection.
        void quiet(followed);
        throw cause;
      });
      return unview(value);
    },
    async (cause: unknown) => {
      settled({ cause });
      await after(earlier).catch(ignore);
      throw cause;
    },
  );
  return callersAlone ? followed : quiet(followed);
}

/** Settles once the flights are over; rejects with the error of the first that failed. */
export async function after(flights: readonly Flight[]): Promise<void> {
  for (const flight of flights) if (!flight.isOver) await flight.over();
  const failed = flights.find((flight) => flight.error !== undefined);
  if (failed?.error !== undefined) throw failed.error.cause;
}
