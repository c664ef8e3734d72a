import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TargetReport } from "../../dist/src/proofs/results.js";
import type { Fate, Trace } from "../../dist/src/proofs/trace/trace.js";
import { html } from "../../dist/src/report/html.js";
import { reportPage } from "../../dist/src/report/page.js";
import { drawBuffer } from "../../dist/src/report/timeline/draw-buffer.js";
import { drawRecords } from "../../dist/src/report/timeline/draw-records.js";
import { placed } from "../../dist/src/report/timeline/place.js";
import { scaleOf } from "../../dist/src/report/timeline/scale.js";

const circumstances = { date: new Date(0), node: "v20.0.0", version: "1.0.0", command: "flushguard verify" };
const times = fc.array(
  fc.integer({ min: 0, max: 500_000 }).map((time) => time / 100),
  { minLength: 1, maxLength: 60 },
);
const page = (reports: TargetReport[]) => reportPage(reports, circumstances);

describe("the axis", () => {
  it("keeps the order of all events, inside of the drawing", () => {
    fc.assert(
      fc.property(times, (events) => {
        const scale = scaleOf(events);
        const places = events.toSorted((a, b) => a - b).map((time) => scale.at(time));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const x of places) expect(x).toSatisfy((at: number) => at >= 0 && at <= 100);
        for (const { from, to } of scale.breaks) {
          expect(places.filter((x) => x > from + 1e-9 && x < to - 1e-9)).toEqual([]);
        }
      }),
    );
  });

  it("shortens what is idle, and nothing where there is always something", () => {
    const busy = scaleOf(Array.from({ length: 50 }, (_, i) => i));
    expect(busy.breaks).toEqual([]);
    expect(busy.at(25) - busy.at(24)).toBeCloseTo(busy.at(5) - busy.at(4));
    const idle = scaleOf([0, 1, 2, 1000]);
    expect(idle.breaks).toHaveLength(1);
    expect(idle.at(2) - idle.at(1)).toBeGreaterThan((idle.at(1000) - idle.at(2)) / 3);
    expect(scaleOf([]).at(0)).toSatisfy((x: number) => x >= 0 && x <= 100);
  });
});

it("draws every record, and a mark and a number over whatever was lost or doubled", () => {
  const fate = fc.constantFrom<Fate>("delivered", "lost", "doubled", "dropped");
  const record = fc.tuple(fc.integer({ min: 0, max: 900 }), fate, fc.integer({ min: 1, max: 3000 }));
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 200 }), (records) => {
      const trace: Trace = { records, calls: [], sends: [], late: 0 };
      const { text } = drawRecords(trace, scaleOf(records.map(([at]) => at)), 0).drawing;
      for (const [kind, word] of [
        ["lost", "lost"],
        ["doubled", "twice"],
      ] as const) {
        const total = records.reduce((sum, [, one, count]) => sum + (one === kind ? count : 0), 0);
        const sum = (pattern: RegExp) =>
          Array.from(text.matchAll(pattern), ([, count = ""]) => Number(count.replaceAll(",", ""))).reduce(
            (a, b) => a + b,
            0,
          );
        expect(sum(new RegExp(`class="${kind}" data-count="(\\d+)"`, "g"))).toBe(total);
        expect(sum(new RegExp(`>(?: \\+ )?([\\d,]+) ${word}<`, "g"))).toBe(total);
        expect(text.includes(`href="#${kind}"`)).toBe(total > 0);
      }
    }),
  );
});

it("writes a number on one side of the line where the app goes on, inside of the drawing", () => {
  const at = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
  fc.assert(
    fc.property(at, at, fc.integer({ min: 1, max: 17 }), (x, line, length) => {
      const text = "0".repeat(length);
      const { extent, dx } = placed(x, text, line);
      expect(extent[0] + 1e-9 < line && line < extent[1] - 1e-9).toBe(false);
      if (dx === 0) expect(extent).toEqual(placed(x, text).extent);
      else expect(extent[0] >= 0 && extent[1] <= 100).toBe(true);
    }),
  );
});

it("says how often what was doubled arrived", () => {
  const label = (arrivals?: [number, number]) => {
    const trace: Trace = {
      records: [[0, "doubled", 100]],
      calls: [],
      sends: [],
      late: 0,
      ...(arrivals && { arrivals }),
    };
    return />(100[^<]+)</.exec(drawRecords(trace, scaleOf([0]), 0).drawing.text)?.[1];
  };
  expect([label(), label([2, 2]), label([3, 3]), label([2, 5])]).toEqual([
    "100 twice",
    "100 twice",
    "100, 3 times",
    "100, 2 to 5 times",
  ]);
});

describe("the buffer", () => {
  const looks = (...places: ["read" | "cleared", number][]) => places.map(([what, at]) => ({ what, at }));
  const drawn = (trace: Partial<Trace>) => {
    const whole: Trace = { records: [], calls: [], sends: [], late: 0, ...trace };
    const scale = scaleOf([0, 100]);
    const { text } = drawBuffer(whole, scale, 0, 50).drawing;
    return {
      lines: Array.from(text.matchAll(/<line x1="([\d.]+)%"/g), ([, x]) => Number(x)),
      expected: (...times: number[]) => times.map((time) => Number(scale.at(time).toFixed(2))),
      labels: Array.from(text.matchAll(/<text x=[^>]*>([^<]+)</g), ([, label]) => label),
    };
  };

  it("is marked where something was lost between reading and clearing it, whatever came before", () => {
    const quiet = [0, 1, 2, 3, 4, 5].flatMap((at) => looks(["read", at], ["cleared", at + 0.5]));
    const { lines, expected, labels } = drawn({
      buffer: [...quiet, ...looks(["read", 40], ["cleared", 60])],
      records: [[50, "lost", 1]],
    });
    expect(lines).toEqual(expected(40, 60));
    expect(labels).toEqual(["read", "cleared"]);
  });

  it("has one label for marks that are close together, and none where it is not seen", () => {
    const { lines, labels } = drawn({ buffer: looks(["read", 10], ["read", 11], ["read", 12], ["cleared", 80]) });
    expect(lines).toHaveLength(4);
    expect(labels).toEqual(["read ×3", "cleared"]);
    expect(drawn({})).toMatchObject({ lines: [], labels: [] });
  });
});

it("says in one sentence what goes wrong: the scenario's own, or what its hazard is", () => {
  const result = { outcome: { recorded: 2, delivered: 1, distinct: 1, violations: ["it came back late"] } };
  const text = page([
    {
      module: "one",
      status: "measured",
      installed: "1.0.0",
      scenarios: [undefined, "It never comes back."].map((wrong, i) => ({
        scenario: `scenario ${i}`,
        hazard: "double send" as const,
        wrong,
        unguarded: i === 0 ? result : { outcome: { ...result.outcome, delivered: 2, distinct: 2 } },
        guarded: result,
        lossless: false,
      })),
    },
  ]);
  expect(Array.from(text.matchAll(/<p class="wrong-how">([^<]+)</g), ([, sentence]) => sentence)).toEqual([
    "Two flushes overlap, and each sends what the other has not cleared yet.",
    "It never comes back.",
  ]);
  // A verdict that is a violation does not repeat it.
  expect(text.match(/<p class="note">it came back late/g)).toHaveLength(3);
});

it("thins thousands of calls to what can be seen", () => {
  const calls = Array.from({ length: 5000 }, (_, i) => ({ method: "flush", from: i / 10, to: i / 10 + 0.05 }));
  const trace: Trace = { records: [[0, "delivered", 1]], calls, sends: [], counted: 501, late: 0 };
  const result = { outcome: { recorded: 1, delivered: 1, distinct: 1 }, trace };
  const text = page([
    {
      module: "one",
      status: "measured",
      installed: "1.0.0",
      scenarios: [{ scenario: "many", hazard: "close", unguarded: result, guarded: result, lossless: true }],
    },
  ]);
  expect(text.length).toBeLessThan(100_000);
  expect(text).toContain("×5,000");
  expect(text).toContain("4,993 more flush calls");
});

describe("the page", () => {
  const hostile = `<img src=x onerror="alert('&')">`;
  const outcome = { recorded: 2, delivered: 1, distinct: 1, violations: [hostile] };
  const trace: Trace = {
    records: [[0, "lost", 1]],
    calls: [{ method: hostile, from: 0, to: 1 }],
    sends: [],
    counted: 1,
    late: 0,
  };

  it("takes no markup from names, errors and arguments", () => {
    expect(html`<a title="${hostile}">${hostile}${html`<b>`}</a>`.text).toBe(
      '<a title="&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;">&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;<b></a>',
    );
    const scenario = {
      scenario: hostile,
      hazard: hostile as never,
      unguarded: { outcome, trace },
      guarded: { error: hostile },
      lossless: false,
    };
    const reports: TargetReport[] = [
      { module: hostile, status: "measured", installed: hostile, scenarios: [scenario] },
      { module: "two", status: "not covered", installed: hostile, reason: hostile, scenarios: [] },
    ];
    const text = reportPage(reports, { ...circumstances, command: hostile });
    expect(text).not.toContain("<img");
    expect(text.split("&lt;img src=x").length - 1).toBeGreaterThan(10);
    expect(text).not.toMatch(/id="[^"]*[<>&' ][^"]*"/);
  });

  it("shows errors, and clients that were not measured, as such", () => {
    const text = page([
      {
        module: "crashing",
        status: "measured",
        installed: "1.0.0",
        scenarios: [
          {
            scenario: "it crashes",
            hazard: "close",
            unguarded: { error: "ended by SIGSEGV" },
            guarded: { error: "no result within 60000 ms" },
            lossless: false,
          },
        ],
      },
      { module: "absent", status: "not installed", scenarios: [] },
      { module: "away", status: "not installed", scenarios: [] },
      {
        module: "old",
        status: "not covered",
        installed: "0.1.0",
        reason: "version 0.1.0 is outside ^2",
        scenarios: [],
      },
    ]);
    expect(text).toContain("✗ failed: ended by SIGSEGV");
    expect(text).toContain("ended by SIGSEGV");
    expect(text).toContain("no result within 60000 ms");
    expect(text.match(/<p class="standing">.*<\/p>/g)).toEqual([
      '<p class="standing">Not installed: absent, away.</p>',
    ]);
    expect(text).toContain("left as it is: version 0.1.0 is outside ^2");
    expect(text).toContain("Guarded, 0 of 1");
  });

  it("says so where nothing was measured", () => {
    const text = page([{ module: "absent", status: "not installed", scenarios: [] }]);
    expect(text).toContain("Nothing was measured.");
    expect(text).toContain("Not installed: absent.");
    expect(text).not.toContain("<table>");
    expect(text).not.toContain("Timelines");
  });

  it("gives every scenario an id of its own", () => {
    const scenarios = ["stop() twice", "stop({}) twice"].map((scenario) => ({
      scenario,
      hazard: "close" as const,
      unguarded: { outcome, trace },
      guarded: { outcome, trace },
      lossless: false,
    }));
    const text = page(["@a/b", "a-b"].map((module) => ({ module, status: "measured", installed: "1.0.0", scenarios })));
    const ids = Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });
});
