import { hazardsAreHeard, publishHazard } from "../../telemetry/channels.js";
import { Aside } from "../buffers/aside.js";
import { Contents } from "../buffers/contents.js";
import type { GuardedClass } from "../owner/guarded-class.js";
import { hold, type Protection, setAside } from "../owner/protection.js";

/**
 * Keeps from now on the records of an instance from a flush that is about to run on it.
 * @returns undefined where they cannot be kept, so that the flush must run as it would unguarded
 */
export function protect(guarded: GuardedClass, instance: object): Protection | undefined {
  const { bufferFields, recordsUnseen, roles, rules } = guarded;
  // Its records are not wrapped.
  if (roles.view === true) return undefined;
  guarded.lookForEmpty(instance);
  const contents = contentsOf(guarded, instance);
  if (roles.batch === "hold") return hold(contents, true);
  if (contents.isEmpty && recordsUnseen) return undefined;
  // A flush that found a count of more than is in the buffer might never end.
  const recordsWait = bufferFields.unnamed.length > 0 || bufferFields.areMissed(guarded.ownerOf(instance));
  const canSwap = rules.length > 0 && !recordsUnseen && !recordsWait;
  return (canSwap ? aside(guarded, instance) : undefined) ?? hold(contents, false);
}

/** What is in the buffers of an instance's lock owner. */
export function contentsOf(guarded: GuardedClass, instance: object): Contents {
  const { all, recordedInto } = guarded.bufferFields;
  return new Contents(guarded.ownerOf(instance), all, recordedInto);
}

function aside(guarded: GuardedClass, instance: object): Protection | undefined {
  const { bufferFields, rules, seenEmpty } = guarded;
  const beside = guarded.attempt(
    () => Aside.beside(() => guarded.ownerOf(instance), instance, rules, seenEmpty),
    "a fresh buffer cannot be made",
  );
  if (beside === undefined) return undefined;
  return setAside(beside, () => {
    // What is recorded meanwhile might have been thrown away with what is sent.
    if (hazardsAreHeard()) publishHazard(guarded.name, "lost update", "averted", beside.records ?? 0);
    const replaced = guarded.attempt(() => beside.join(bufferFields.used), "what a flush left cannot be merged back");
    if (replaced?.length) guarded.tell(`${replaced.join()}: a flush has left another shape there`);
  });
}
