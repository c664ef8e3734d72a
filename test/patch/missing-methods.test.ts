import { expect, test } from "vitest";
import { guardEngine } from "../../dist/src/guard/engine.js";
import { GuardedClass } from "../../dist/src/guard/owner/guarded-class.js";
import { guardMethods } from "../../dist/src/patch/guard-methods.js";
import type { Roles } from "../../dist/src/target.js";

class Client {
  async flush(): Promise<void> {}
}

function guarding(roles: Roles) {
  const guarded = new GuardedClass("client", roles, { flushTimeoutMs: 1000, maxHeld: 1000 });
  return guardMethods(guarded, class extends Client {}.prototype, guardEngine);
}

test("a sender that this version of a client does not have is noted", () => {
  expect(guarding({ flush: ["flush"], send: ["sendBatch"] })).toMatchObject({
    notes: ['it has no method "sendBatch"'],
  });
});

test("a client without its flush is left as it is", () => {
  expect(guarding({ flush: ["forceFlush"], send: ["flush"] })).toEqual({
    refused: 'it has no method "forceFlush" (did you mean "flush"?)',
  });
});

test("a client of which only senders are known is left as it is without one of them", () => {
  expect(guarding({ send: ["flush", "sendBatch"] })).toEqual({ refused: 'it has no method "sendBatch"' });
});
