import { describe, expect, test } from "vitest";
import { told } from "./run-app.js";

describe.each(["aws-embedded-metrics", "flagsmith-nodejs", "hot-shots"])("the API of %s", (client) => {
  test("is the same under the guard, in all that an app can see of it", async () => {
    const plain = await told<Record<string, unknown>>(["api.cjs", client], { node: [] });
    const guarded = await told<Record<string, unknown>>(["api.cjs", client]);
    expect({ ...guarded, stderr: "" }).toEqual(plain);
    expect(guarded).toMatchObject({ instanceOf: true, chain: true, sameOnAll: true, ownIsBoth: true });
  });
});
