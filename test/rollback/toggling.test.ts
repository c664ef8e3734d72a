import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { told } from "../patch/run-app.js";

const APP = fileURLToPath(new URL("../fixtures/rollback/toggle.mjs", import.meta.url));
const RECORDED = 1020;

interface Toggled {
  recorded: number;
  delivered: number;
  distinct: number;
  /** Rounds in which the guard was on to begin with. */
  wrapped: number;
  /** Rounds after which the very functions of the client were back. */
  exact: number;
  restored: boolean;
  errors: number;
}

const toggled = (client: string, how: string) => told<Toggled>([APP, client, how], { node: [] });

describe.each(["aws-embedded-metrics", "flagsmith-nodejs", "hot-shots"])("%s", (client) => {
  test("loses or repeats records without the guard", async () => {
    const { recorded, delivered, wrapped } = await toggled(client, "unguarded");
    expect({ recorded, wrapped }).toEqual({ recorded: RECORDED, wrapped: 0 });
    expect(delivered).not.toBe(RECORDED);
  });

  test("delivers each once when the guard goes off and on sixty times while flushes are in flight", async () => {
    const run = await toggled(client, "guarded");
    expect(run).toMatchObject({ recorded: RECORDED, delivered: RECORDED, distinct: RECORDED, errors: 0, stderr: "" });
    expect(run).toMatchObject({ wrapped: 60, exact: 40, restored: true });
  });
});
