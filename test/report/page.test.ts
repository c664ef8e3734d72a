/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { targets } from "../../dist/src/targets/list.js";
import { directoryWith } from "../config/helpers.js";
import { clientsOf } from "../slow.js";
import { startBrowser } from "./browser.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(root, "dist/cli-main.cjs");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const file = join(directoryWith({}), "report.html");
/** In the order of the page: one of each strategy, hazard and sink. */
const SOME = [
  "@opentelemetry/sdk-logs",
  "@sentry/core",
  "aws-embedded-metrics",
  "flagsmith-nodejs",
  "hot-shots",
  "statsd-client",
  "winston-loki",
];
const CLIENTS = clientsOf(
  SOME,
  targets.map(({ module }) => module),
);
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1100, height: 900 };
const SCHEMES = ["light", "dark"] as const;

interface Counted {
  recorded: number;
  delivered: number;
  distinct: number;
  violations?: string[];
}

interface Verified {
  lossless: boolean;
  targets: { module: string; scenarios: { scenario: string; unguarded: Counted; guarded: Counted }[] }[];
}

let verified: Verified;
let context: BrowserContext;
let stop: () => Promise<void>;
const said: string[] = [];
const requested: string[] = [];

/** Opens the page of all clients. */
async function open(viewport = DESK, colorScheme: (typeof SCHEMES)[number] = "light"): Promise<Page> {
  const page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => requested.push(request.url()));
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await page.goto(pathToFileURL(file).href);
  return page;
}

beforeAll(async () => {
  const { stdout } = await run(process.execPath, [MAIN, "verify", ...CLIENTS, "--report", file, "--json"], {
    cwd: root,
    maxBuffer: 2 ** 24,
  });
  verified = JSON.parse(stdout);
  ({ context, stop } = await startBrowser());
}, 600_000);
afterAll(() => stop());

it("noting what happens leaves the outcome as it is: clients still lose unguarded, none does guarded", () => {
  expect(verified.lossless).toBe(true);
  for (const { module, scenarios } of verified.targets) {
    const losing = scenarios.filter(({ unguarded: { recorded, delivered, distinct, violations = [] } }) => {
      return delivered !== recorded || distinct !== recorded || violations.length > 0;
    });
    expect(losing.length, module).toBeGreaterThan(0);
  }
});

it("loads without the network, asks for nothing and has nothing to complain of", async () => {
  const page = await open();
  expect(await page.title()).toBe("flushguard verify");
  expect(requested.filter((url) => url !== page.url())).toEqual([]);
  expect(said).toEqual([]);
  expect(await page.locator("script, link[href^=http], img, iframe").count()).toBe(0);
});

it("tells when, with what and how it was made", async () => {
  const page = await open();
  const facts = await page.locator("header dl").innerText();
  expect(facts).toContain(process.version);
  expect(facts).toContain(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  expect(facts).toContain(`flushguard verify ${CLIENTS.join(" ")} --report report.html --json`);
  expect(facts).toContain(new Date().toISOString().slice(0, 8));
});

/** Its full buffer is flushed by a call within its module, which nothing outside can note. */
const FLUSHES_INSIDE = "@sentry/core";

/** Writables, which the app ends: unguarded, no flush has to be asked for. */
const ENDED: readonly string[] = targets
  .filter(({ load }) => load().some(({ flush, close, final }) => final !== undefined || (!flush && !close)))
  .map(({ module }) => module);

it("has a timeline for every scenario of each client, with what was noted of both runs", async () => {
  const page = await open();
  const headings = await page.locator("main section h3").allInnerTexts();
  expect(headings.map((text) => text.split(/\s/)[0])).toEqual(CLIENTS);
  for (const { module, scenarios } of verified.targets) {
    const section = page
      .locator("section", { has: page.locator("h3", { hasText: new RegExp(`^${module}\\s`) }) })
      .last();
    expect(await section.locator("h4").allTextContents()).toEqual(scenarios.map(({ scenario }) => scenario));
    for (const run of [".unguarded", ".guarded"]) {
      const drawings = section.locator(`${run} svg.run`);
      expect(await drawings.count()).toBe(scenarios.length);
      for (const [i, drawing] of (await drawings.all()).entries()) {
        const where = `${module}: ${scenarios[i]?.scenario} ${run}`;
        expect(await drawing.locator(".record rect[data-count]").count(), where).toBeGreaterThan(0);
        const flushes = module === FLUSHES_INSIDE ? ".send rect" : ".flush rect";
        if (!ENDED.includes(module)) expect(await drawing.locator(flushes).count(), where).toBeGreaterThan(0);
        expect(await drawing.locator(".counted line").count(), where).toBe(1);
      }
      if (run === ".guarded")
        for (const drawing of await drawings.all()) {
          expect(await drawing.locator(".send rect").count(), module).toBeGreaterThan(0);
        }
    }
  }
}, 300_000);

/** How many record calls of a run are drawn in a class. */
function drawn(page: Page, run: string, fate: string): Promise<number[]> {
  return page
    .locator(`.${run} svg.run`)
    .evaluateAll(
      (drawings, selector) =>
        drawings.map((drawing) =>
          Array.from(drawing.querySelectorAll(selector)).reduce(
            (sum, column) => sum + Number((column as SVGElement).dataset.count),
            0,
          ),
        ),
      `rect.${fate}`,
    );
}

it("marks each lost record, as many as there are, and none where all arrived", async () => {
  const page = await open();
  const outcomes = (run: "unguarded" | "guarded") =>
    verified.targets.flatMap(({ scenarios }) => scenarios.map((scenario) => scenario[run]));
  const lost = (run: "unguarded" | "guarded") => outcomes(run).map(({ recorded, distinct }) => recorded - distinct);
  expect(await drawn(page, "unguarded", "lost")).toEqual(lost("unguarded"));
  expect(await drawn(page, "guarded", "lost")).toEqual(lost("guarded"));
  expect(Math.max(...lost("unguarded"))).toBeGreaterThan(1000);
  expect(Math.max(...lost("guarded"))).toBe(0);

  const repeated = await drawn(page, "unguarded", "doubled");
  for (const [i, { delivered, distinct }] of outcomes("unguarded").entries()) {
    expect((repeated[i] ?? 0) > 0).toBe(delivered > distinct);
  }
  expect(await drawn(page, "guarded", "doubled")).toEqual(lost("guarded"));
  // A shape above the red columns, for those who do not see the red.
  const unmarked = page.locator("svg.run:has(rect.lost):not(:has(use[href='#lost']))");
  expect(await unmarked.count()).toBe(0);
  expect(await page.locator(".guarded use").count()).toBe(0);
});

it("tells nothing of the machine that it was made on", () => {
  const text = readFileSync(file, "utf8");
  for (const place of [root, dirname(file), homedir()]) expect(text).not.toContain(place);
});

it("marks where a flush reads the buffer and where it clears it, what is lost between the two", async () => {
  const page = await open();
  for (const name of ["aws-embedded-metrics", "flagsmith-nodejs"]) {
    const section = page.locator("section", { has: page.locator("h3", { hasText: name }) }).last();
    const drawing = section.locator(".unguarded svg.run").first();
    expect(await drawing.locator(".buffer text").allTextContents(), name).toEqual(
      expect.arrayContaining([expect.stringMatching(/^read/), expect.stringMatching(/^cleared/)]),
    );
    expect(await section.locator(".guarded .buffer").count()).toBe(0);
  }
});

it("tells the same in words", async () => {
  const page = await open();
  const drawing = page.locator("svg.run:has(rect.lost)").first();
  expect(await drawing.getAttribute("role")).toBe("img");
  const { name, facts } = await drawing.evaluate((svg) => ({
    name: svg.querySelector(`#${svg.getAttribute("aria-labelledby")}`)?.textContent,
    facts: svg.querySelector(`#${svg.getAttribute("aria-describedby")}`)?.textContent,
  }));
  expect(name).toMatch(/^Unguarded: [\d,]+ recorded, [\d,]+ delivered$/);
  expect(facts).toMatch(/record calls? from .* called at .* The app goes on at .* records? lost/);
});

describe("on a phone", () => {
  it.each(SCHEMES)("nothing is wider than the screen (%s)", async (scheme) => {
    const page = await open(PHONE, scheme);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const wide = await page.evaluate(() => [document.documentElement.scrollWidth, document.body.scrollWidth]);
    expect(Math.max(...wide)).toBeLessThanOrEqual(PHONE.width);
    const cut = await page
      .locator("svg.run text:visible")
      .evaluateAll((texts) =>
        texts
          .filter((text) => text.getBoundingClientRect().right > document.documentElement.clientWidth)
          .map((text) => text.textContent),
      );
    expect(cut).toEqual([]);
  });
});

it.each([PHONE.width, 700, 977, DESK.width])(
  "no label is over another or cut by its bar, at %i pixels",
  async (width) => {
    const page = await open({ ...DESK, width });
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const { over, cut, crossed } = await page.evaluate(() => {
      const shown = Array.from(document.querySelectorAll("svg.run"), (drawing) =>
        Array.from(drawing.querySelectorAll("text"), (text) => ({ text, box: text.getBoundingClientRect() })).filter(
          ({ box }) => box.width > 0,
        ),
      );
      const name = (text: Element) => `${text.closest("figure")?.id}: ${text.textContent}`;
      const lineBeside = (text: Element) =>
        text.closest("svg.run")?.querySelector(".counted line")?.getBoundingClientRect().left ?? 0;
      return {
        crossed: shown
          .flat()
          .filter(
            ({ text, box }) =>
              text.matches(".count, .buffer text:not(.row)") &&
              box.left < lineBeside(text) &&
              lineBeside(text) < box.right,
          )
          .map(({ text }) => name(text)),
        over: shown.flatMap((texts) =>
          texts.flatMap(({ text, box }, i) =>
            texts
              .slice(0, i)
              .filter(
                (other) =>
                  Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
                  Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 4,
              )
              .map((other) => `${name(text)} | ${other.text.textContent}`),
          ),
        ),
        cut: shown
          .flat()
          .filter(
            ({ text, box }) =>
              text.matches(".within") && box.right > (text.ownerSVGElement?.getBoundingClientRect().right ?? 0) + 1,
          )
          .map(({ text }) => name(text)),
      };
    });
    expect(over).toEqual([]);
    expect(cut).toEqual([]);
    expect(crossed).toEqual([]);
  },
);

it.each(SCHEMES)("has no accessibility violation that axe knows (%s)", { timeout: 300_000 }, async (scheme) => {
  const page = await open(DESK, scheme);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: object[] }[] }> } };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0])}`);
  });
  expect(violations).toEqual([]);
});

it("is opened by the keyboard alone: by a scenario in the table, and by its heading", async () => {
  const page = await open();
  const focused = () => page.evaluate(() => document.activeElement?.tagName);
  const link = page.locator("tbody tr:nth-child(3) a").first();
  const id = (await link.getAttribute("href"))?.slice(1) ?? "";
  const details = page.locator(`details:has(#${id})`);
  expect(await details.getAttribute("open")).toBeNull();
  do await page.keyboard.press("Tab");
  while (!(await link.evaluate((element) => element === document.activeElement)));
  const outline = await link.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline).toBe("solid");
  await page.keyboard.press("Enter");
  expect(await details.getAttribute("open")).not.toBeNull();

  await page.locator("h2#timelines").click();
  for (let presses = 0; (await focused()) !== "SUMMARY" && presses < 200; presses++) await page.keyboard.press("Tab");
  expect(await focused()).toBe("SUMMARY");
  const isOpen = () => page.evaluate(() => document.activeElement?.closest("details")?.open);
  const before = await isOpen();
  await page.keyboard.press("Enter");
  expect(await isOpen()).toBe(!before);
});

it("prints dark on white, also where the screen is light on dark", async () => {
  const page = await open();
  const text = () => page.evaluate(() => getComputedStyle(document.body).color);
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const printed = await text();
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  expect(await text()).not.toBe(printed);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await text()).toBe(printed);
});

it("prints with every timeline open", async () => {
  const page = await open();
  await page.emulateMedia({ media: "print" });
  const heights = await page
    .locator("details:not([open]) svg.run")
    .evaluateAll((drawings) => drawings.map((drawing) => drawing.getBoundingClientRect().height));
  expect(heights.length).toBeGreaterThan(20);
  expect(Math.min(...heights)).toBeGreaterThan(50);
});
