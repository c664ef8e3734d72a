// Flushes while another flush is sending, and lets sends fail, with a server of its own on this machine.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Unleash, type UnleashConfig } from "unleash-client";

interface Payload {
  bucket: { toggles: Record<string, unknown> };
  impactMetrics?: { type: string; samples: { count: number; value: number }[] }[];
}

async function withUnleash(
  { statuses = [], ...options }: Partial<UnleashConfig> & { statuses?: number[] },
  drive: (unleash: Unleash, delivered: Payload[]) => Promise<void>,
) {
  const delivered: Payload[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const status = statuses.shift() ?? 202;
      setTimeout(() => {
        if (status === 202) delivered.push(JSON.parse(body));
        response.writeHead(status).end();
      }, 50);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  const unleash = new Unleash({ appName: "reproduction", url, disableAutoStart: true, ...options });
  unleash.on("error", () => undefined);
  unleash.on("warn", () => undefined);
  await drive(unleash, delivered);
  unleash.destroy();
  server.close();
  server.closeAllConnections();
}

function report(what: string, recorded: number, delivered: number) {
  console.log(`${what}: ${recorded} recorded, ${delivered} delivered`);
  if (delivered !== recorded) process.exitCode = 1;
}

function count(unleash: Unleash) {
  for (let feature = 0; feature < 10; feature++) unleash.count(`feature-${feature}`, true);
}

const featuresIn = (delivered: Payload[]) => delivered.flatMap(({ bucket }) => Object.keys(bucket.toggles)).length;
const samplesIn = (delivered: Payload[]) =>
  delivered.flatMap(({ impactMetrics = [] }) => impactMetrics.flatMap(({ samples }) => samples));

await withUnleash({}, async (unleash, delivered) => {
  count(unleash);
  const first = unleash.flushMetrics();
  await unleash.flushMetrics();
  report("await flushMetrics() during a flush, as before process.exit()", 10, featuresIn(delivered));
  await first;
});

await withUnleash({ statuses: [500] }, async (unleash, delivered) => {
  count(unleash);
  const first = unleash.flushMetrics();
  await unleash.destroyWithFlush();
  report("destroyWithFlush() during a send that fails", 10, featuresIn(delivered));
  await first;
});

let asked = 0;
const customHeadersFunction = async () => {
  asked++;
  if (asked === 1) throw new Error("no token yet");
  return {};
};
await withUnleash({ customHeadersFunction }, async (unleash, delivered) => {
  count(unleash);
  await unleash.flushMetrics().catch(() => undefined);
  await unleash.flushMetrics();
  report("custom headers that are rejected once", 10, featuresIn(delivered));
});

// Since 6.8.1.
const hasImpactMetrics = ({ impactMetrics }: Unleash) => impactMetrics !== undefined;

await withUnleash({ statuses: [500] }, async (unleash, delivered) => {
  if (!hasImpactMetrics(unleash)) return;
  unleash.impactMetrics.defineHistogram("latency", "of the reproduction", [1]);
  for (let value = 0; value < 100; value++) unleash.impactMetrics.observeHistogram("latency", value);
  const failing = unleash.flushMetrics();
  await delay(20);
  for (let value = 0; value < 50; value++) unleash.impactMetrics.observeHistogram("latency", value);
  await failing;
  await unleash.flushMetrics();
  const observed = samplesIn(delivered).reduce((sum, sample) => sum + sample.count, 0);
  report("a histogram observed during a send that fails", 150, observed);
});

await withUnleash({ statuses: [500] }, async (unleash, delivered) => {
  if (!hasImpactMetrics(unleash)) return;
  unleash.impactMetrics.defineGauge("level", "of the reproduction");
  unleash.impactMetrics.updateGauge("level", 1);
  const failing = unleash.flushMetrics();
  await delay(20);
  unleash.impactMetrics.updateGauge("level", 7);
  await failing;
  await unleash.flushMetrics();
  report("a gauge set to 7 during a send that fails", 7, samplesIn(delivered).at(-1)?.value ?? 0);
});

// The client's timers may go on.
process.exit();
