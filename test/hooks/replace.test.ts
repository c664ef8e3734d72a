import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { runApp } from "./run-node.js";

for (const node of NODES) {
  describe.concurrent(`${node.name}: replace`, () => {
    test("says whether importers see the new value, and says the truth", async () => {
      const names = "create,make,fixed,fetch,missing,delete,a b,plain,configurable,typescript,readonly";
      const record = await runApp(node.binary, ["./hooks/replace.mjs"], { HOOKS_REPLACE: names });
      const said = (file: string, name: string) => record.replaced[`${file} ${name}`];

      const bindings = { create: true, make: true, fixed: false, fetch: false };
      for (const [name, outcome] of Object.entries(bindings))
        expect(said("hook-esm/index.js", name), name).toBe(outcome);
      for (const name of ["missing", "delete", "a b"]) expect(said("hook-esm/index.js", name), name).toBe(false);
      expect(record.results).toMatchObject({ create: true, make: true, fixed: false, renamed: false, global: false });

      const properties = { plain: true, configurable: true, typescript: false, readonly: false, missing: false };
      for (const [name, outcome] of Object.entries(properties)) {
        expect(said("hook-getters/index.js", name), name).toBe(outcome);
      }
      expect(record.results).toMatchObject({ plain: true, configurable: true, typescript: false, readonly: false });

      expect(said("hook-cjs/index.js", "create")).toBe(true);
      expect(record.results).toMatchObject({ required: true, imported: true });
      expect(said("hook-frozen/index.js", "create")).toBe(false);
      expect(record.results).toMatchObject({ frozen: false, importedWhole: false, requiredWhole: false });
      expect(record.errors).toEqual([]);
    });

    test("gives module.exports as a whole another value, for import and require", async () => {
      const record = await runApp(node.binary, ["./hooks/replace-whole.mjs"], { HOOKS_REPLACE: "module.exports" });
      expect(record.replaced["hook-function/index.js module.exports"]).toBe(true);
      expect(record.replaced["hook-esm/index.js module.exports"]).toBe(false);
      expect(record.results).toEqual({ imported: true, required: true, early: true, frozen: true, esm: false });
    });
  });
}
