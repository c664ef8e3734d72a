import { expect, test } from "vitest";
import { EXACT, reportOf, told, WRONG } from "../patch/run-app.js";

const PARTS = ["logger.flush", "product.flush", "instance.flush", "own.flush", "factories.create"];

function all(race: object): object {
  return { logger: race, product: race, instance: race, own: race };
}

test("disable() brings back the identical functions, and enable() the guard", async () => {
  const run = await told<Record<string, unknown>>(["rollback.mjs"], { node: [] });
  expect(run.stderr).toBe("");
  const lost = { ...all(WRONG), logger: { recorded: 160, delivered: 170 } };
  expect(run.unguarded).toEqual(lost);
  expect(run.changedByEnable).toEqual(expect.arrayContaining(PARTS));
  expect(run.guarded).toEqual(all(EXACT));

  expect(run.changedAfterDisable).toEqual([]);
  expect(run.listenersAfterDisable).toBe(true);
  expect(run.compileRestored).toBe(true);
  expect(run.enabledAfterDisable).toBe(false);
  expect(run.off).toEqual(lost);

  expect(run.changedByEnableAgain).toEqual(expect.arrayContaining(PARTS));
  expect(run.guardedAgain).toEqual(all(EXACT));
});

test("disable() during a flush waits for it, makes and sends what is held, and can be taken back", async () => {
  const run = await told<Record<string, unknown>>(["rollback.mjs"], { node: [] });
  expect(run.stillThere).toBe(true);
  // What was held went out in the flush that follows, as it would have for whoever awaited the first.
  expect(run.delivered).toEqual([15, {}]);
  expect(run.changedAfterBusyDisable).toEqual([]);
  expect(run.onAfterAll).toBe(true);
  expect(run.guardedAfterAll).toEqual(all(EXACT));
  expect(run.changedAtLast).toEqual([]);
  expect(run.listenersAtLast).toBe(true);
  expect(reportOf(run, "aws-embedded-metrics")?.counters.errors).toBe(0);
});
