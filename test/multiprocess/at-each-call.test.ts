import { expect, test } from "vitest";
import { run } from "./lib/run.mjs";

interface Row {
  runs: number;
  fell: number;
  wrong: number;
  condemned: number;
  left: number;
}

async function sumOf(options: object): Promise<Row> {
  const rows: Row[] = await run("at-each-call-app", options, { guarded: false });
  const sum = { runs: 0, fell: 0, wrong: 0, condemned: 0, left: 0 };
  for (const row of rows) for (const what of Object.keys(sum) as (keyof Row)[]) sum[what] += row[what];
  return sum;
}

test("a process may be killed or refused at any of its calls: no counter falls, no total is wrong, nothing is condemned or left", async () => {
  const { runs, ...seen } = await sumOf({ step: 16 });
  expect(runs).toBeGreaterThan(60);
  expect(seen).toEqual({ fell: 0, wrong: 0, condemned: 0, left: 0 });
});

test("one that folds and does not say of which files doubles them, when it is killed before they are gone", async () => {
  const changes = {
    "merge/fold.js": [
      ["nextFolded(last, namesOf(sources, found), aside, present)", "nextFolded(last, [], aside, present)"],
    ],
  };
  const { wrong } = await sumOf({ acts: ["folds"], fates: ["a kill"], changes, step: 3 });
  expect(wrong).toBeGreaterThan(0);
});

test("one that writes a file where others see it leaves a damaged one", async () => {
  const changes = {
    "store/own-file.js": [
      ["writeAll(fd, content, 0, content.length);", "renameSync(unfinished, path);"],
      [
        "            renameSync(unfinished, path);\n            return",
        "writeAll(fd, content, 0, content.length); return",
      ],
    ],
  };
  const { condemned } = await sumOf({ acts: ["compacts"], fates: ["a kill in the midst of a write"], changes });
  expect(condemned).toBeGreaterThan(0);
});

test("one that keeps its hold on a file that it cannot look at keeps all others from folding", async () => {
  const changes = { "merge/fold-lock.js": [["    catch (error) {\n        release();", "    catch (error) {"]] };
  const { left } = await sumOf({ acts: ["folds"], fates: ["an input/output error"], changes, step: 2 });
  expect(left).toBeGreaterThan(0);
});
