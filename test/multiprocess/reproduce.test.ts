import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { Fault } from "../../dist/src/multiprocess/reproduce/fault.js";
import { randomFrom } from "../../dist/src/multiprocess/reproduce/random.js";
import { nextReconfiguration } from "../../dist/src/multiprocess/reproduce/schedule.js";
import { collectShared, SharedFile } from "../../dist/src/multiprocess/reproduce/shared-file.js";
import { directoryWith } from "../config/helpers.js";
import { MAIN } from "./lib/serve.mjs";

const dir = directoryWith({ "of-somebody-else": "kept" });
afterAll(() => rmSync(dir, { recursive: true }));

function start(...args: string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [MAIN, "reproduce", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    // A process group of its own, which gets the Ctrl-C of a terminal.
    detached: true,
  });
  return child as ReturnType<typeof start>;
}

async function output(...args: string[]): Promise<{ code: number; lines: string[]; numbers: Record<string, number> }> {
  const child = start(...args);
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const numbers = said.matchAll(/\b([a-z][a-z ]+): (\d+)/g);
  return {
    code,
    lines: said.trimEnd().split("\n"),
    numbers: Object.fromEntries(Array.from(numbers, ([, name, number]) => [name, Number(number)])),
  };
}

describe("the sequence of reconfigurations", () => {
  const sequence = (seed: number) => {
    const random = randomFrom(seed);
    return Array.from({ length: 200 }, () => nextReconfiguration(random));
  };

  it("is that of its seed", () => {
    expect(sequence(928453)).toEqual(sequence(928453));
    expect(sequence(928453)).not.toEqual(sequence(928454));
    expect(sequence(0)).not.toEqual(sequence(2 ** 32 - 1));
  });

  it("has some of the writers 0 to 6, about every half second", () => {
    const all = sequence(1);
    expect(new Set(all.map(({ writers }) => writers.length))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    for (const { afterMs, writers } of all) {
      expect(afterMs).toBeGreaterThanOrEqual(350);
      expect(afterMs).toBeLessThan(500);
      expect(new Set(writers).size).toBe(writers.length);
      expect(writers.every((writer) => [0, 1, 2, 3, 4, 5, 6].includes(writer))).toBe(true);
    }
  });
});

describe("the shared file", () => {
  const path = join(dir, "counter_1.db");
  const labels = (writer: number, route: string) => ({ writer: String(writer), method: "GET", route });
  const faultOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof Fault) return error.kind;
      throw error;
    }
    return "none";
  };

  it("counts right as long as one process at a time has it open, and grows", () => {
    rmSync(path, { force: true });
    for (let run = 0; run < 3; run++) {
      const file = new SharedFile(path);
      for (let i = 0; i < 200; i++) file.increment(labels(0, `/${"long".repeat(1000)}/${i}`));
      file.close();
    }
    const [family] = collectShared(path);
    const samples = [...(family?.samples ?? [])];
    expect(samples).toHaveLength(200);
    expect(samples.every(({ value }) => value === 3)).toBe(true);
  });

  it("is undecodable for a scrape when two append to it", () => {
    rmSync(path);
    const [one, other] = [new SharedFile(path), new SharedFile(path)];
    one.increment(labels(1, "/"));
    one.increment(labels(1, "/a"));
    other.increment(labels(2, "/a/much/longer/route"));
    one.increment(labels(1, "/"));
    expect(faultOf(() => collectShared(path))).toBe("undecodable key");
    for (const file of [one, other]) file.close();
  });

  it("is cut short for a scrape, and for the next process that opens it", () => {
    rmSync(path);
    const [one, other] = [new SharedFile(path), new SharedFile(path)];
    one.increment(labels(1, "/a/much/longer/route"));
    one.increment(labels(1, "/another/long/route"));
    other.increment(labels(2, "/"));
    one.increment(labels(1, "/"));
    expect(faultOf(() => collectShared(path))).toBe("short read");
    expect(faultOf(() => new SharedFile(path))).toBe("short read");
    for (const file of [one, other]) file.close();
  });
});

describe("--burst", () => {
  it("broken: attempts fail in both ways, and what was recorded does not arrive", async () => {
    const { code, lines, numbers } = await output("928453", "--burst", "40");
    expect(lines[0]).toBe("RANDOM SEED: 928453");
    expect(numbers["short read"]).toBeGreaterThan(0);
    expect(numbers["undecodable key"]).toBeGreaterThan(0);
    expect(numbers.other).toBe(0);
    expect(numbers.delivered).toBeLessThan(numbers.recorded as number);
    // At least the share of 50 of 300.
    expect(Number(/^faulty attempts: (\d+) of 40$/.exec(lines.at(-1) ?? "")?.[1])).toBeGreaterThanOrEqual(7);
    expect(code).toBe(0);
  });

  it("guarded: none fails, and everything arrives", async () => {
    const { code, lines } = await output("928453", "--burst", "40", "--mode", "guarded");
    expect(lines.slice(3)).toEqual([
      "recorded: 3360",
      "delivered: 3360",
      "faults: 0 (short read: 0, undecodable key: 0, other: 0)",
      "faulty attempts: 0 of 40",
    ]);
    expect(code).toBe(0);
  });
});

it("reconfigures the same writers in both modes; only the shared file has faults", async () => {
  const [broken, guarded] = await Promise.all([output("928453"), output("928453", "--mode", "guarded")]);
  const reconfigurations = (lines: string[]) =>
    lines.filter((line) => /^(?:RECONFIGURE!|Reconfigure with writers: \[\d(?:, \d)*\])$/.test(line));
  expect(reconfigurations(broken.lines)).toHaveLength(40);
  expect(reconfigurations(guarded.lines)).toEqual(reconfigurations(broken.lines));
  for (const { lines } of [broken, guarded]) {
    expect(lines[0]).toBe("RANDOM SEED: 928453");
    expect(lines.filter((line) => line.startsWith("Starting "))).toEqual(
      [
        "[0, 1, 2, 3, 4, 5, 6]",
        ...reconfigurations(lines)
          .filter((_, index) => index % 2 === 1)
          .map((line) => line.slice(line.indexOf("["))),
      ].flatMap((writers) => JSON.parse(writers).map((writer: number) => `Starting ${writer} process`)),
    );
  }
  expect(broken.numbers["short read"]).toBeGreaterThan(0);
  expect(broken.numbers["undecodable key"]).toBeGreaterThan(0);
  expect(broken.numbers.delivered).toBeLessThan(broken.numbers.recorded as number);
  expect(guarded.numbers.recorded).toBeGreaterThan(0);
  expect(guarded.numbers).toMatchObject({ faults: 0, delivered: guarded.numbers.recorded });
  expect([broken.code, guarded.code]).toEqual([0, 0]);
}, 240_000);

describe("on the way", () => {
  it("shows the metrics, and ends early with what it has", async () => {
    const child = start("--mode", "guarded");
    const lines: string[] = [];
    const exit = once(child, "exit");
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (!line.startsWith("Sleep for")) continue;
      const url = /http:\S+/.exec(lines.join("\n"))?.[0] ?? "";
      const pages = await Promise.all([url, new URL("/", url)].map(async (page) => (await fetch(page)).status));
      expect(pages).toEqual([200, 200]);
      process.kill(-(child.pid as number), "SIGINT");
    }
    expect(await exit).toEqual([0, null]);
    expect(lines.filter((line) => line === "RECONFIGURE!").length).toBeLessThan(3);
    const [recorded, delivered] = lines.slice(-3).map((line) => Number(/\d+$/.exec(line)?.[0]));
    expect(recorded).toBeGreaterThan(0);
    expect(delivered).toBe(recorded);
    expect(lines.at(-1)).toBe("faults: 0 (short read: 0, undecodable key: 0, other: 0)");
    const folder = /(?<=^Cleaning up prometheus multiprocessing dir: ).*/m.exec(lines.join("\n"))?.[0] ?? "";
    expect(folder).toContain("flushguard-reproduce-");
    expect(existsSync(folder)).toBe(false);
  });

  it("ends early also while writers start", async () => {
    const child = start("--mode", "guarded");
    const exit = once(child, "exit");
    let last = "";
    for await (const line of createInterface(child.stdout)) {
      last = line;
      if (line === "Starting 6 process") process.kill(-(child.pid as number), "SIGINT");
    }
    await exit;
    expect(last).toBe("faults: 0 (short read: 0, undecodable key: 0, other: 0)");
  });

  it("keeps the files where --dir says, and touches no others there", async () => {
    for (let run = 0; run < 2; run++) {
      const { code } = await output("--dir", dir, "--burst", "2", "--mode", "guarded");
      expect(code).toBe(0);
    }
    expect(readdirSync(join(dir, "reproduce")).length).toBeGreaterThan(0);
    expect(readFileSync(join(dir, "of-somebody-else"), "utf8")).toBe("kept");
  });
});

describe("wrong arguments", () => {
  const run = (args: string[]) => {
    const options = { encoding: "utf8", timeout: 20_000, killSignal: "SIGKILL" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "reproduce", ...args], options);
    return { status, stdout, stderr };
  };

  it.each([
    [["x"], 'the seed is "x", expected a whole number from 0 to 4294967295'],
    [["4294967296"], 'the seed is "4294967296", expected a whole number from 0 to 4294967295'],
    [["1", "2"], 'unexpected argument "2" after the seed'],
    [["--mode", "x"], '--mode is "x", expected broken or guarded'],
    [["--burst", "0"], '--burst is "0", expected a whole number from 1 to 100000'],
    [["--port", "x"], '--port is "x", expected a number from 0 to 65535'],
    [["--dir", ""], "--dir is empty, expected a directory"],
  ])("%j: one line, exit code 2", (args, line) => {
    expect(run(args)).toEqual({
      status: 2,
      stdout: "",
      stderr: `flushguard: ${line} (see flushguard reproduce --help)\n`,
    });
  });

  // In /proc, `mkdir` with the option `recursive` never returns.
  it.each([MAIN, ...(existsSync("/proc/self") ? ["/proc"] : [])])("so is a folder in %s", (place) => {
    const { status, stderr } = run(["--dir", place, "--port", "0"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^flushguard: cannot use "\S+\/reproduce": its directory (?:is not one|takes no new files) \(see .*\n$/,
    );
  });

  it("so is a port that is taken, and no file is touched then", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const before = readdirSync(join(dir, "reproduce"));
    expect(run(["--port", String(port), "--dir", dir])).toEqual({
      status: 2,
      stdout: "",
      stderr: `flushguard: cannot listen on 127.0.0.1 port ${port}: another program listens there (see flushguard reproduce --help)\n`,
    });
    expect(readdirSync(join(dir, "reproduce"))).toEqual(before);
    server.close();
  });
});
