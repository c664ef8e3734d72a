import { spawn, spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { metricsServer } from "../../dist/src/multiprocess/serve/metrics-server.js";
import { Store } from "../../dist/src/multiprocess/store/store.js";
import { directoryWith } from "../config/helpers.js";
import { run } from "../guard/child.js";
import { MAIN, startServe } from "./lib/serve.mjs";

const dir = directoryWith({
  "1-0-aaaaaaaaaaaa.v1.flushguard": "neither is this",
  "2-0-bbbbbbbbbbbb.v1.flushguard": "not a file of metrics, but long enough to look like one",
  "3-0-cccccccccccc.txt": "of somebody else",
});

for (let process = 1; process <= 3; process++) {
  const store = new Store(dir, (error) => expect.unreachable(String(error)));
  const jobs = store.family({ name: "jobs_total", help: "Jobs", type: "counter" });
  store.series(jobs, { kind: "a" }).add(process);
  store.close();
}

let serving: Awaited<ReturnType<typeof startServe>>;
beforeAll(async () => {
  serving = await startServe(dir);
});
afterAll(async () => {
  expect(await serving.end("SIGINT")).toEqual({ code: 0, signal: null });
  rmSync(dir, { recursive: true });
});

describe("/metrics", () => {
  it("adds up all processes, and counts what it cannot read", async () => {
    for (let scrape = 0; scrape < 3; scrape++) {
      const response = await fetch(`${serving.url}/metrics`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      const lines = (await response.text()).split("\n");
      expect(lines).toContain('jobs_total{kind="a"} 6');
      expect(lines).toContain("flushguard_multiprocess_bad_files_total 2");
    }
  });

  it.each([
    ["http://host/metrics", 200],
    ["HTTP://user@127.0.0.1:9464/metrics?x=1", 200],
    ["https://[::1]:9464/healthz", 200],
    ["http://host", 404],
    ["http://host/other/metrics", 404],
    ["/http://host/metrics", 404],
  ])("is asked for by proxies as %s", async (path, status) => {
    const { port } = new URL(serving.url);
    const [response] = await once(request({ host: "127.0.0.1", port, path, agent: false }).end(), "response");
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  it("is OpenMetrics, and compressed, for those who ask for it", async () => {
    const response = await fetch(`${serving.url}/metrics?x=1`, {
      headers: { accept: "application/openmetrics-text;version=1.0.0", "accept-encoding": "gzip" },
    });
    expect(response.headers.get("content-type")).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.text()).toMatch(/^jobs_total\{kind="a"\} 6\n.*# EOF\n$/ms);
  });
});

it.each([
  ["HEAD", "/healthz", 200, ""],
  ["HEAD", "/metrics", 200, ""],
  ["GET", "/", 404, "not found, the metrics are at /metrics\n"],
  ["GET", "/metrics/", 404, "not found, the metrics are at /metrics\n"],
  ["GET", "/metrics/../healthz/..%2f", 404, "not found, the metrics are at /metrics\n"],
  ["POST", "/nope", 404, "not found, the metrics are at /metrics\n"],
  ["POST", "/metrics", 405, "method not allowed\n"],
  ["DELETE", "/healthz", 405, "method not allowed\n"],
])("%s %s: %i", async (method, path, status, body) => {
  const response = await fetch(`${serving.url}${path}`, { method });
  expect({ status: response.status, body: await response.text() }).toEqual({ status, body });
  if (status === 405) expect(response.headers.get("allow")).toBe("GET, HEAD");
});

it("/healthz says that it runs, and how the files stand", async () => {
  const body = await (await fetch(`${serving.url}/healthz`)).text();
  expect(body.split("\n")[0]).toBe("ok");
  expect(body).toContain('\nflushguard_multiprocess_processes{state="live"} 0\n');
  expect(body).toContain("\nflushguard_multiprocess_bad_files_total 2\n");
  expect(body).not.toContain("jobs_total");
});

it("answers however many connect and ask nothing", async () => {
  const { port } = new URL(serving.url);
  const asking = connect(Number(port), "127.0.0.1");
  const ask = async () => {
    asking.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    return String((await once(asking, "data"))[0]).split("\r\n")[0];
  };
  expect(await ask()).toBe("HTTP/1.1 200 OK");
  const silent = Array.from({ length: 200 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  for (let i = 0; i < 3; i++) expect((await fetch(`${serving.url}/healthz`)).status).toBe(200);
  const ended = () => silent.filter((socket) => socket.closed || socket.readyState !== "open").length;
  await vi.waitFor(() => expect(ended()).toBe(200 - 64), 5000);
  // Of whoever has asked before, nobody ends the connection.
  expect(await ask()).toBe("HTTP/1.1 200 OK");
  for (const socket of [asking, ...silent]) socket.destroy();
});

it.each([50, 200, 500])("answers all of %i that connect and ask at once", async (scrapers) => {
  const port = Number(new URL(serving.url).port);
  const ask = async () => {
    const asking = connect(port, "127.0.0.1");
    asking.write("GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    return (await text(asking).catch(String)).split("\r\n")[0];
  };
  const answers = await Promise.all(Array.from({ length: scrapers }, ask));
  expect(answers.filter((answer) => answer !== "HTTP/1.1 200 OK")).toEqual([]);
});

it("makes two answers for all that ask at once, however many: the one that is being made, and one for those that wait", async () => {
  const scrapes: (() => void)[] = [];
  const { server, end } = metricsServer({
    collect: async () => {
      const number = scrapes.length + 1;
      await new Promise<void>((resolve) => scrapes.push(resolve));
      return [
        { name: "scrapes", help: "S.", type: "gauge", samples: [{ name: "scrapes", labels: "", value: number }] },
      ];
    },
    onFailure: (error) => expect.unreachable(error.message),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const ask = async (accept = "text/plain") =>
    /^scrapes (\d)$/m.exec(
      await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } })).text(),
    )?.[1];
  const first = ask();
  await vi.waitFor(() => expect(scrapes).toHaveLength(1));
  const waiting = Array.from({ length: 50 }, () => ask());
  const inOpenMetrics = ask("application/openmetrics-text");
  const connections = async () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  await vi.waitFor(async () => expect(await connections()).toBe(52), 5000);
  scrapes[0]?.();
  expect(await first).toBe("1");
  await vi.waitFor(() => expect(scrapes).toHaveLength(2));
  scrapes[1]?.();
  expect(new Set(await Promise.all([...waiting, inOpenMetrics]))).toEqual(new Set(["2"]));
  expect(scrapes).toHaveLength(2);
  const later = ask();
  await vi.waitFor(() => expect(scrapes).toHaveLength(3));
  scrapes[2]?.();
  expect(await later).toBe("3");
  await end();
});

it("keeps nothing of the scrapes that a connection has asked for", async () => {
  const { server, end } = metricsServer({
    collect: async () => [],
    onFailure: (error) => expect.unreachable(error.message),
  });
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const counts: number[] = [];
  for (let scrape = 0; scrape < 30; scrape++) {
    const asked = request({ agent, host: "127.0.0.1", port, path: "/metrics" }).end();
    const [response] = await once(asked, "response");
    await text(response);
    await vi.waitFor(() => expect(Object.values(agent.freeSockets).flat()).toHaveLength(1));
    counts.push(sockets[0]?.listenerCount("close") ?? 0);
  }
  agent.destroy();
  await end();
  expect(sockets).toHaveLength(1);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(5);
});

it("only this machine reaches it unless told otherwise", async () => {
  expect(new URL(serving.url).hostname).toBe("127.0.0.1");
  // Another loopback address answers only where a program listens on all of them.
  const refused = connect(Number(new URL(serving.url).port), "127.0.0.2");
  await expect(once(refused, "connect")).rejects.toThrow("ECONNREFUSED");
  const other = await startServe(dir, ["--host", "127.0.0.2"]);
  expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
  expect(other.url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
  expect(await other.end()).toEqual({ code: 0, signal: null });
});

describe("ends", () => {
  it("with exit code 0 on SIGTERM, whoever keeps a connection open", async () => {
    const other = await startServe(dir);
    const silent = connect(Number(new URL(other.url).port), "127.0.0.1");
    await once(silent, "connect");
    await fetch(`${other.url}/metrics`);
    expect(await other.end("SIGTERM")).toEqual({ code: 0, signal: null });
    silent.destroy();
  });

  it("with npx, which hands a signal to its shell alone", async () => {
    const folder = directoryWith({ "package.json": "{}" });
    mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
    const program = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
    writeFileSync(join(folder, "node_modules", ".bin", "flushguard"), program, { mode: 0o755 });
    const npx = spawn("npx", ["flushguard", "serve", "--dir", dir, "--port", "0"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(npx.stdout), "line");
    const url = /http:\S+(?=\/metrics)/.exec(String(line))?.[0];
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    npx.kill("SIGTERM");
    // The end of its output is the end of all who have it.
    await once(npx, "close");
    await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
    rmSync(folder, { recursive: true });
  });

  it("after the scrape it is in, which is answered whole", async () => {
    const scrape = new EventEmitter();
    const { server, end } = metricsServer({
      collect: async () => {
        scrape.emit("begun");
        await once(scrape, "goes on");
        return [{ name: "a", help: "", type: "gauge", samples: [{ name: "a", labels: "", value: 1 }] }];
      },
      onFailure: ({ message }) => expect.unreachable(message),
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    const asked = request({ port, path: "/metrics", agent }).end();
    await once(scrape, "begun");
    const over = end();
    await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
    scrape.emit("goes on");
    const [response] = await once(asked, "response");
    expect(await text(response)).toBe("# TYPE a gauge\na 1\n");
    await over;
    agent.destroy();
  });
});

it("a view that cannot be collected is status 500 and is told", async () => {
  const told: string[] = [];
  const { server, end } = metricsServer({
    collect: () => Promise.reject(new Error("no disk")),
    onFailure: ({ message }) => told.push(message),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  expect({ status: response.status, body: await response.text(), told }).toEqual({
    status: 500,
    body: "no disk\n",
    told: ["no disk"],
  });
  await end();
});

/** A directory that nobody may read, and one with such files. */
const open = directoryWith({});
chmodSync(open, 0o777);
const [hidden, mixed] = [directoryWith({}), directoryWith({ "1-0-a.v1.flushguard": "", "retained.v1.flushguard": "" })];
chmodSync(hidden, 0);
chmodSync(mixed, 0o755);
for (const name of readdirSync(mixed)) chmodSync(join(mixed, name), 0);
afterAll(() => {
  for (const directory of [hidden, mixed, open]) rmSync(directory, { recursive: true });
});

/** Runs the second part as a user without rights, and gives what is said. */
async function unprivileged(first: string, second: string): Promise<string> {
  const { stderr } = await run(`${first} if (process.getuid?.() === 0) process.setuid(65534); ${second}`);
  return stderr;
}

it("files of another user are told of once", async () => {
  const stderr = await unprivileged(
    `const { collect } = await import(dist + "multiprocess/collect.js");`,
    `for (let i = 0; i < 2; i++) await collect(${JSON.stringify(mixed)});`,
  );
  expect(stderr).toBe(`flushguard: ${mixed}: this user may not read 2 of the files; what is in them is missing\n`);
});

describe("wrong arguments", () => {
  it.each([
    [[], "expected --dir, the directory where the processes keep their metrics"],
    [["--dir", "/nope"], '--dir is "/nope", which does not exist'],
    [["--dir", MAIN], `--dir is "${MAIN}", which is no directory`],
    [["--dir", dir, "--port", "-1"], "Option '--port' argument is ambiguous"],
    [["--dir", dir, "--port", "x"], '--port is "x", expected a number from 0 to 65535'],
    [["--dir", dir, "--port", "65536"], '--port is "65536", expected a number from 0 to 65535'],
    [["--dir", dir, "--host", ""], "--host is empty, expected an address"],
    [["--dir", dir, "--host", "no.invalid"], "cannot listen on no.invalid port 9464: there is no such host"],
  ])("%j: one line, exit code 2", (args, line) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "serve", ...args], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `flushguard: ${line} (see flushguard serve --help)\n`,
    });
  });

  it.each([
    ["a path through a file", join(MAIN, "x"), "is no directory"],
    ["a directory that others may write to", open, "may be written to by other users; take a folder"],
    ["a directory of another user", hidden, "this user may not read: run as the user of the app"],
  ])("%s is one of them", async (_, path, reason) => {
    const stderr = await unprivileged(
      `const { run } = await import(dist + "cli/serve.js");`,
      `await run(["--dir", ${JSON.stringify(path)}, "--port", "0"]);`,
    );
    expect(stderr).toContain(`UsageError: --dir is "${path}", which ${reason}`);
  });

  it("a port that is taken is one of them", () => {
    const { port } = new URL(serving.url);
    const args = [MAIN, "serve", "--dir", dir, "--port", port];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `flushguard: cannot listen on 127.0.0.1 port ${port}: another program listens there (see flushguard serve --help)\n`,
    });
  });
});
