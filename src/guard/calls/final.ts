import type { Method } from "../../methods/method.js";
import { NativePromise } from "../../methods/promises.js";
import type { Roles } from "../../target.js";
import { settledWithin } from "../owner/clock.js";
import type { Flights } from "../owner/flights.js";
import type { Limits } from "../owner/guard.js";

type Fields = Record<string, unknown>;

/** What is asked of the class of a Writable. */
interface FinalClass {
  readonly roles: Pick<Roles, "final">;
  readonly limits: Limits;
  readonly enabled: boolean;
  readonly stopping: boolean;
  /** Whether the app declares it. */
  readonly isOwn: boolean;
  tell(reason: string, level: "info" | "warn"): void;
  existingGuardOf(instance: object): { readonly flights: Flights } | undefined;
}

/** The end of a dotted path of properties, called on the object before it, or a function given the instance. */
function begin(guarded: FinalClass, instance: object, first: true | string | ((instance: never) => unknown)): unknown {
  if (first === true) return undefined;
  if (typeof first === "function") return first(instance as never);
  const path = first.split(".");
  const name = path.pop() as string;
  const holder = path.reduce<unknown>((object, key) => (object as Fields | undefined)?.[key], instance);
  const method = (holder as Fields | undefined)?.[name];
  if (typeof method === "function") return Reflect.apply(method, holder, []);
  const reason = `final: "${first}" is no method of it, so nothing is called before 'finish'`;
  guarded.tell(reason, guarded.isOwn ? "warn" : "info");
  return undefined;
}

/** Settles when what was recorded has arrived or was given up, at latest after the time that a flush has. Never rejects. */
async function arrived(guarded: FinalClass, instance: object): Promise<void> {
  const { final } = guarded.roles;
  if (final === undefined || final === false || !guarded.enabled || guarded.stopping) return;
  await settledWithin(
    guarded.limits.flushTimeoutMs,
    new NativePromise<unknown>((resolve) => resolve(begin(guarded, instance, final))),
  );
  const flights = guarded.existingGuardOf(instance)?.flights;
  await flights?.over(flights.begun);
}

/** What a Writable does before it says 'finish': what it did, once what was recorded has arrived. */
export function finalOf(guarded: FinalClass, instance: object, original: unknown): Method {
  return {
    _final(this: unknown, ...args: unknown[]) {
      const finish = (): unknown => {
        if (typeof original === "function") return Reflect.apply(original, this, args);
        return (args[0] as () => unknown)();
      };
      void arrived(guarded, instance).then(finish, finish);
    },
  }._final;
}
