import { expect, test } from "vitest";
import { run } from "./lib/run.mjs";

const held = (options: object) => run("interleaved-app", options, { guarded: false });

test("a reader may be held before any of its calls: no counter falls, no total is wrong, no file is condemned", async () => {
  const { runs, ...seen } = await held({ step: 12 });
  expect(runs).toBeGreaterThan(60);
  expect(seen).toEqual({ fell: 0, wrong: 0, condemned: 0 });
});

test("one that asks for the size before it reads where the records end condemns files that live", async () => {
  const asked = ["const window = new Window(fd);", "const window = new Window(fd); const { size } = fstatSync(fd);"];
  const compared = ["end > fstatSync(fd).size", "end > size"];
  const judged = [
    'mayLive ? { state: "again" } : { state: "bad", mark: markOf(stat) };\n    }\n}',
    '{ state: "bad", mark: markOf(stat) };\n    }\n}',
  ];
  const changes = { "merge/source.js": [asked, compared], "merge/read-file.js": [judged] };
  const { fell, condemned } = await held({ events: ["grow"], changes });
  expect(fell).toBeGreaterThan(0);
  expect(condemned).toBeGreaterThan(0);
});
