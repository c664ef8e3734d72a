import { expect, test } from "vitest";
import { SingleInstances } from "../../dist/src/patch/single-instances.js";
import type { Roles } from "../../dist/src/target.js";

class Client {}

const limits = { flushTimeoutMs: 1000, maxHeld: 10 };
const roles: Roles = { record: ["record"], flush: ["flush"] };

test("instances share what is known of them where they are of one class and are guarded alike, for as long as that is on", () => {
  const single = new SingleInstances();
  const classOf = (instance: object, declared = roles) => single.classFor(instance, declared, limits);
  const first = classOf(new Client());
  expect(first).toMatchObject({ name: "Client", isOwn: true });
  expect(classOf(new Client(), { ...roles })).toBe(first);
  const otherwise = classOf(new Client(), { ...roles, batch: "hold" });
  expect(otherwise).not.toBe(first);
  expect(classOf(new Client(), { ...roles, batch: "hold" })).toBe(otherwise);
  expect(classOf(new (class Other {})())).not.toBe(first);
  first.enabled = false;
  const again = classOf(new Client());
  expect(again).not.toBe(first);
  expect(classOf(new Client())).toBe(again);
});

test("they are named by their class, or as one themselves, or not at all", () => {
  const single = new SingleInstances();
  const names = [Client, new Client(), Object.create(null)].map((of) => single.classFor(of, roles, limits).name);
  expect(names).toEqual(["Client", "Client", "object"]);
});
