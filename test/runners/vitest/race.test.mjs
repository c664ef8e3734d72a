// Both copies of a client under Vitest: what is recorded during a flush.
import { createRequire } from "node:module";
import * as imported from "flagsmith-nodejs";
import { expect, test } from "vitest";
import { race } from "../race.cjs";

const copies = { "ES module": imported, CommonJS: createRequire(import.meta.url)("flagsmith-nodejs") };

test.each(Object.keys(copies))("records during a flush, %s", async (copy) => {
  expect(await race(copies[copy].AnalyticsProcessor)).toBe(30);
});
