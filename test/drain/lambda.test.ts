import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NODES } from "../nodes/nodes.js";
import { type Invocations, type Invoked, invoke } from "./lambda.js";
import { openSink } from "./sink.js";

const APPS = fileURLToPath(new URL("../fixtures/drain/lambda/", import.meta.url));
const COUNT = 3;
/** Milliseconds until the server of the client answers. */
const LATENCY_MS = 60;

const RUNTIMES = [
  { node: "Node 20", runtime: 3 },
  { node: "Node 22", runtime: 3 },
  { node: "Node 22", runtime: 4 },
  { node: "Node 24", runtime: 4 },
  { node: "Node 26", runtime: 4 },
] as const;

const WAYS = ["async", "rejects", "throws", "sync", "streaming", "streamsAndThrows", "nested.deep.handler"].map(
  (name) => `ways.${name}`,
);
const IN_A_FOLDER = "folder/in/awaits.handlers.first";
/** Those that the runtime has had until 4. */
const OLD_WAYS = ["callback", "callbackLater", "callbackNow", "callbackFails", "succeed", "done", "fail"].map(
  (name) => `ways.${name}`,
);

describe.each(RUNTIMES)("$node with aws-lambda-ric $runtime", ({ node, runtime }) => {
  const { binary } = NODES.find(({ name }) => name.startsWith(node)) as { binary: string };

  async function run(handler: string, drain: string | undefined, more: Partial<Invocations> = {}): Promise<Invoked> {
    const sink = await openSink(LATENCY_MS);
    try {
      return await invoke({ runtime, binary, handler, drain, sink, count: COUNT, ...more });
    } finally {
      await sink.close();
    }
  }

  test.each([...WAYS, ...(runtime === 3 ? OLD_WAYS : []), "module.handler", "bundled.handler", IN_A_FOLDER])(
    "%s: what an invocation has recorded has left when it is frozen",
    async (handler) => {
      const [without, drained] = await Promise.all([run(handler, undefined), run(handler, "lambda")]);
      expect(drained.arrivedAtFreeze).toEqual([0, 1, 2, 3]);
      expect(drained.answers).toHaveLength(COUNT);
      expect(told(drained)).toEqual(told(without));
      // Handlers that wait for the client's own timer have it delivered too, however long that takes.
      expect(without.arrivedAtFreeze.slice(0, 2)).toEqual([0, 0]);
    },
  );

  const STRANGE = [
    "frozen",
    "proxied",
    "nested.handler",
    "instance.handler",
    "read",
    "replacesTime",
    "thenThrows",
    "cannotBeSent",
    "throwsNull",
    "loadsItself",
  ];
  /** The runtimes do not agree about these: since 4 they look into the default export, and into no function. */
  const THEIRS = ["strange.ofAFunction.handler", "default.handler", "default.Of.handler", "default.selfAware"];

  test.each([
    ...STRANGE.map((name) => `strange.${name}`),
    ...(runtime === 3 ? ["strange.callsBackWhatCannotBeSent"] : []),
    ...THEIRS,
  ])("%s: is found, answers and is drained as the runtime would find it", async (handler) => {
    const [without, drained] = await Promise.all([run(handler, undefined), run(handler, "lambda")]);
    expect(told(drained)).toEqual(told(without));
    expect(drained.ended).toBe(without.ended);
    expect(drained.arrivedAtFreeze).toEqual(without.init === undefined ? [0, 1, 2, 3] : []);
  });

  test.each(["ways.js", "module.mjs"])("a handler behind a symbolic link to %s", async (file) => {
    const folder = mkdtempSync(join(tmpdir(), "flushguard-lambda-"));
    try {
      symlinkSync(join(APPS, file), join(folder, `link${extname(file)}`));
      const handler = `${folder}/link.${file === "ways.js" ? "async" : "handler"}`;
      expect((await run(handler, "lambda")).arrivedAtFreeze).toEqual([0, 1, 2, 3]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  // Until 4 the runtime starts from the working directory.
  test.runIf(runtime === 4)("a handler that is a package", async () => {
    const root = mkdtempSync(join(tmpdir(), "flushguard-lambda-"));
    try {
      const folder = join(root, "node_modules/some-handler");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "index.js"), `module.exports = require(${JSON.stringify(join(APPS, "ways.js"))});`);
      const env = { LAMBDA_TASK_ROOT: root };
      expect((await run("some-handler.async", "lambda", { env })).arrivedAtFreeze).toEqual([0, 1, 2, 3]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test.runIf(runtime === 4)("a handler with a callback is refused as it is without the guard", async () => {
    const [without, drained] = await Promise.all([run("ways.callback", undefined), run("ways.callback", "lambda")]);
    expect(without.init).toContain("CallbackHandlerDeprecated");
    expect(JSON.parse(drained.init ?? "{}").errorType).toBe(JSON.parse(without.init ?? "{}").errorType);
  });

  test("a server that does not answer costs one invocation its limit, and the others little until it does", async () => {
    const sink = await openSink(LATENCY_MS, (n) => (n <= 2 ? 0 : 200));
    try {
      const { answers, stderr } = await invoke({
        runtime,
        binary,
        handler: "ways.async",
        drain: "lambda",
        sink,
        count: 5,
        env: { FLUSHGUARD_DRAIN_TIMEOUT_MS: "800" },
      });
      const [first = 0, ...others] = answers.map(({ ms }) => ms);
      expect(first).toBeGreaterThan(700);
      for (const ms of others) expect(ms).toBeLessThan(600);
      expect(stderr.match(/is waited for/g)).toHaveLength(1);
    } finally {
      await sink.close();
    }
  });

  test("what is recorded after the answer has left when the environment is taken down", async () => {
    const sink = await openSink(LATENCY_MS);
    const ends = async (drain: string | undefined) => {
      const before = sink.arrived.length;
      const more = { runtime, binary, handler: "ways.late", drain, sink, count: 1, end: "SIGTERM" } as const;
      const { ended } = await invoke(more);
      return { ended, arrived: sink.arrived.length - before };
    };
    try {
      expect(await ends(undefined)).toEqual({ ended: "SIGTERM", arrived: 0 });
      expect(await ends("lambda")).toEqual({ ended: "SIGTERM", arrived: 1 });
    } finally {
      await sink.close();
    }
  });

  test("an answer goes back before the time of the invocation is over", async () => {
    const sink = await openSink(0, () => 0);
    try {
      const more = { runtime, binary, handler: "ways.async", drain: "lambda", sink, count: 1 } as const;
      const { answers } = await invoke({ ...more, timeoutMs: 2000 });
      expect(answers[0]?.kind).toBe("response");
      expect(answers[0]?.ms).toBeLessThan(2000);
    } finally {
      await sink.close();
    }
  });
});

/** What the runtime has told of its start and of each invocation. */
function told({ init, answers }: Invoked): unknown[] {
  const ofEach = answers.map(({ kind, body }) => ({ kind, body: withoutPlaces(body) }));
  return [init === undefined ? init : withoutPlaces(init), ...ofEach];
}

/** Stack traces name the lines that a call came through. */
function withoutPlaces(body: string): unknown {
  const { trace: _, ...told } = (JSON.parse(body) ?? {}) as { trace?: unknown };
  return told;
}
