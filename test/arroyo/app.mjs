// node app.mjs <client> <scenario>: an app that uses a metrics client as apps do. Prints the totals of each metric as JSON. The client is
// resolved from the working directory.
import { createRequire } from "node:module";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { arroyo, aws } from "./clients.mjs";

const [clientName, scenarioName] = process.argv.slice(2);
const open = { arroyo, aws }[clientName];

/** Ten workers record 100 times each and flush every now and then, without waiting. */
async function workers(client, record) {
  const flushes = [];
  const work = async (worker) => {
    for (let i = 1; i <= 100; i++) {
      record(`worker.${worker}`);
      if (i % 25 === 0) flushes.push(client.flush());
      await turn();
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, worker) => work(worker)));
  await Promise.all(flushes);
  await client.flush();
}

function countTen(client) {
  for (let i = 0; i < 10; i++) client.count(`requests.${i % 5}`, 1);
}

const scenarios = {
  async "concurrent flush and increment (10 × 100)"() {
    const client = await open(1);
    await workers(client, (name) => client.count(name, 1));
    return [client];
  },

  async "concurrent timer and flush"() {
    const client = await open(1);
    await workers(client, (name) => client.time(name, 3));
    return [client];
  },

  async "all metrics eventually sent"() {
    const client = await open(10);
    countTen(client);
    const flushing = client.flush();
    for (let i = 0; i < 5; i++) {
      client.count(`during.${i}`, 1);
      client.time(`during.${i}.time`, 2);
      await turn();
    }
    await flushing;
    await client.flush();
    return [client];
  },

  async "flush clears buffers"() {
    const client = await open(10);
    countTen(client);
    const first = client.flush();
    countTen(client);
    await client.flush();
    await first;
    await client.arrived();
    const sent = client.sent();
    await client.flush();
    await client.arrived();
    return [client, isDeepStrictEqual(client.sent(), sent) ? [] : ["a flush sent what had been sent before"]];
  },

  async "lock per instance"() {
    const slow = await open(50);
    const quick = await open(1);
    countTen(slow);
    let slowIsDone = false;
    const flushing = slow.flush().then(() => {
      slowIsDone = true;
    });
    await sleep(20);
    countTen(slow);
    countTen(quick);
    await quick.flush();
    const violations = slowIsDone ? ["an instance waited for the flush of another"] : [];
    await flushing;
    await slow.flush();
    await quick.arrived();
    if (!isDeepStrictEqual(quick.sent(), quick.recorded()))
      violations.push("the other instance did not deliver what it recorded");
    await quick.close();
    return [slow, violations];
  },

  async "flush from inside incr, at most once a second"() {
    const client = await open(10);
    countTen(client);
    await sleep(1100);
    for (let i = 0; i < 5; i++) {
      countTen(client);
      await sleep(20);
    }
    await client.arrived();
    const flushed = Object.keys(client.sent()).length > 0;
    const violations = flushed ? [] : ["a record call a second after the last flush did not flush"];
    await client.flush();
    return [client, violations];
  },

  async "stuck detector while the main loop is stalled"() {
    const { StreamProcessor } = createRequire(`${process.cwd()}/`)("arroyo-metrics-buffer");
    const client = await open(10);
    const messages = [1, 20, 1];
    const consumer = { poll: async () => messages.shift() };
    const strategy = {
      async submit(parts) {
        for (let part = 0; part < parts; part++) {
          await sleep(10);
          client.count("parts", 1);
        }
        if (messages.length === 0) processor.signalShutdown();
      },
    };
    const processor = new StreamProcessor(consumer, strategy, client.buffer, { stuckThresholdMs: 50 });
    await processor.run();
    await client.flush();
    return [client];
  },
};

const [client, violations = []] = await scenarios[scenarioName]();
await client.arrived();
console.log(
  JSON.stringify({ recorded: client.recorded(), delivered: client.sent(), buffered: client.buffered(), violations }),
);
await client.close();
// The agent connection of aws-embedded-metrics stays open.
process.exit();
