import { describe, expect, test } from "vitest";
import { rangeOf } from "../../dist/src/packages/version-obstacle.js";
import { targets } from "../../dist/src/targets/list.js";

/** Those whose ES module build has functions to guard, and no class. */
const ofFunctions = targets.filter(({ functions = [] }) => functions.length > 0);

describe.each(ofFunctions)("$module", ({ load, functions = [] }) => {
  test("names to the hooks the functions that its declarations are about, and no others", () => {
    const declared = load()
      .filter((target) => target.export === undefined)
      .flatMap(({ factory, record = [], flush = [], send = [], close = [] }) =>
        factory === undefined ? [...record, ...flush, ...send, ...close] : [factory],
      );
    expect(functions.toSorted()).toEqual(declared.toSorted());
  });
});

test("the declarations of a package are all of that package", () => {
  for (const { module, load } of targets) expect(load().filter((target) => target.module !== module)).toEqual([]);
});

test("the range of a package has every version that one of its declarations covers", () => {
  const covering = (versions?: string) => ({ module: "client", flush: ["flush"], ...(versions ? { versions } : {}) });
  expect(rangeOf([covering("^1"), covering("^3"), covering("^1")])).toBe("^1 || ^3");
  expect(rangeOf([covering()])).toBe("*");
});
