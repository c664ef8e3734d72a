import { spawnSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { render } from "../../dist/src/multiprocess/exposition/render.js";
import type { Family } from "../../dist/src/multiprocess/family.js";
import { program } from "../debian/programs.js";

const TEXT = "text/plain; version=0.0.4; charset=utf-8";
const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const families: Family[] = [
  {
    name: "requests_total",
    help: 'Requests, "all" of C:\\\nand more',
    type: "counter",
    samples: [
      { name: "requests_total", labels: 'method="GET",path="/a\\"b\\\\c\\nd"', value: 1e21 },
      {
        name: "requests_total",
        labels: 'method="PUT",path=""',
        value: 0.5,
        exemplar: { labels: 'trace_id="ab"', value: 1, timestamp: 1_700_000_000.25 },
      },
    ],
  },
  { name: "jobs", help: "Jobs", type: "counter", samples: [{ name: "jobs", labels: "", value: 3 }] },
  {
    name: "temperature_celsius",
    help: "Temperature",
    type: "gauge",
    samples: [
      { name: "temperature_celsius", labels: 'room="a"', value: Number.NaN },
      { name: "temperature_celsius", labels: 'room="b"', value: Infinity },
      { name: "temperature_celsius", labels: 'room="c"', value: -Infinity, exemplar: { labels: "", value: 1 } },
    ],
  },
  {
    name: "latency_seconds",
    help: "Latency",
    type: "histogram",
    samples: [
      { name: "latency_seconds_bucket", labels: 'le="0.1"', value: 1, exemplar: { labels: 'id="7"', value: 0.07 } },
      { name: "latency_seconds_bucket", labels: 'le="+Inf"', value: 2 },
      { name: "latency_seconds_sum", labels: "", value: 1.07 },
      { name: "latency_seconds_count", labels: "", value: 2 },
    ],
  },
  {
    name: "size_bytes",
    help: "Size",
    type: "summary",
    samples: [
      { name: "size_bytes_sum", labels: "", value: 12 },
      { name: "size_bytes_count", labels: "", value: 2 },
    ],
  },
  { name: "other", help: "", type: "untyped", samples: [{ name: "other", labels: "", value: 1 }] },
  { name: "unused_total", help: "Nothing yet", type: "counter", samples: [] },
];

it("writes text format 0.0.4", async () => {
  expect(await render(families)).toEqual({
    contentType: TEXT,
    body: `# HELP requests_total Requests, "all" of C:\\\\\\nand more
# TYPE requests_total counter
requests_total{method="GET",path="/a\\"b\\\\c\\nd"} 1e+21
requests_total{method="PUT",path=""} 0.5
# HELP jobs Jobs
# TYPE jobs counter
jobs 3
# HELP temperature_celsius Temperature
# TYPE temperature_celsius gauge
temperature_celsius{room="a"} NaN
temperature_celsius{room="b"} +Inf
temperature_celsius{room="c"} -Inf
# HELP latency_seconds Latency
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="+Inf"} 2
latency_seconds_sum 1.07
latency_seconds_count 2
# HELP size_bytes Size
# TYPE size_bytes summary
size_bytes_sum 12
size_bytes_count 2
# TYPE other untyped
other 1
# HELP unused_total Nothing yet
# TYPE unused_total counter
`,
  });
});

it("writes OpenMetrics 1.0, with the exemplars", async () => {
  expect(await render(families, { accept: "application/openmetrics-text" })).toEqual({
    contentType: OPEN_METRICS,
    body: `# HELP requests Requests, \\"all\\" of C:\\\\\\nand more
# TYPE requests counter
requests_total{method="GET",path="/a\\"b\\\\c\\nd"} 1e+21
requests_total{method="PUT",path=""} 0.5 # {trace_id="ab"} 1 1700000000.25
# HELP jobs Jobs
# TYPE jobs counter
jobs_total 3
# HELP temperature_celsius Temperature
# TYPE temperature_celsius gauge
temperature_celsius{room="a"} NaN
temperature_celsius{room="b"} +Inf
temperature_celsius{room="c"} -Inf
# HELP latency_seconds Latency
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1 # {id="7"} 0.07
latency_seconds_bucket{le="+Inf"} 2
latency_seconds_sum 1.07
latency_seconds_count 2
# HELP size_bytes Size
# TYPE size_bytes summary
size_bytes_sum 12
size_bytes_count 2
# TYPE other unknown
other 1
# HELP unused Nothing yet
# TYPE unused counter
# EOF
`,
  });
});

it("nothing recorded yet is no fault", async () => {
  expect((await render([])).body).toBe("");
  expect((await render([], { accept: "application/openmetrics-text" })).body).toBe("# EOF\n");
});

it("writes any number of lines, of any length and letters", async () => {
  const labels = ["", 'a="b"', `a="${"ä€😀".repeat(5000)}"`, `a="${"long ".repeat(9000)}"`];
  const samples = Array.from({ length: 5000 }, (_, i) => ({
    name: "jobs",
    labels: labels[i % 50] ?? `n="é${i}"`,
    value: i,
  }));
  const { body } = await render([{ name: "jobs", help: "", type: "counter", samples }]);
  const lines = samples.map(({ labels, value }) => (labels === "" ? `jobs ${value}` : `jobs{${labels}} ${value}`));
  expect(body).toBe(`# TYPE jobs counter\n${lines.join("\n")}\n`);
});

it("promtool reads the text format and has nothing to object to", async () => {
  const idiomatic = families.filter(({ name }) => !["jobs", "other"].includes(name));
  const { body } = await render(idiomatic);
  const { status, stdout, stderr } = spawnSync(program("promtool"), ["check", "metrics"], {
    input: body,
    encoding: "utf8",
  });
  expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
});

describe("the format is what the scraper prefers", () => {
  // As Prometheus 2.42, Prometheus 3.0 and Firefox send it.
  const prometheus2 =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
  const prometheus3 =
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
  const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

  it.each([
    [undefined, TEXT],
    ["", TEXT],
    ["*/*", TEXT],
    ["text/*", TEXT],
    ["text/plain", TEXT],
    ["text/plain;charset=utf-8", TEXT],
    ["application/json", TEXT],
    ["\u0000;;=,q", TEXT],
    [firefox, TEXT],
    [prometheus2, OPEN_METRICS],
    [prometheus3, `${OPEN_METRICS}; escaping=allow-utf-8`],
    ["application/openmetrics-text;version=1.0.0;escaping=underscores", `${OPEN_METRICS}; escaping=underscores`],
    ["application/openmetrics-text;q=0.2,text/plain;q=0.3", TEXT],
    ["application/openmetrics-text;q=0.3,text/plain;q=0.2", OPEN_METRICS],
    ["text/plain;q=0,*/*", OPEN_METRICS],
    ["application/openmetrics-text;version=2.0.0,text/plain;q=0.1", TEXT],
  ])("Accept: %s", async (accept, contentType) => {
    const rendered = await render(families, { accept });
    expect(rendered.contentType).toBe(contentType);
    expect(String(rendered.body).endsWith("# EOF\n")).toBe(contentType !== TEXT);
  });
});

it.each([
  [undefined, false],
  ["", false],
  ["identity", false],
  ["br", false],
  ["gzip;q=0", false],
  ["gzip", true],
  ["deflate, gzip;q=0.5", true],
  ["*", true],
])("Accept-Encoding: %s", async (acceptEncoding, zipped) => {
  const { contentType, contentEncoding, body } = await render(families, { acceptEncoding });
  expect(contentType).toBe(TEXT);
  expect(contentEncoding).toBe(zipped ? "gzip" : undefined);
  expect(zipped ? gunzipSync(body).toString() : body).toBe((await render(families)).body);
});
