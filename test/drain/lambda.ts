import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Sink } from "./sink.js";

const REGISTER = new URL("../../dist/register.js", import.meta.url).href;
const APPS = fileURLToPath(new URL("../fixtures/drain/", import.meta.url));
const NATIVE_CLIENT = `${APPS}lambda/native-client.cjs`;

/** The real runtime interface clients, by their major version. */
const RUNTIMES = { 3: "aws-lambda-ric-3/bin/index.mjs", 4: "aws-lambda-ric-4/index.mjs" } as const;

/** Milliseconds that an environment has before it is taken down. */
const THAWED_MS = 1500;

export interface Invocations {
  runtime: keyof typeof RUNTIMES;
  binary: string;
  /** As `_HANDLER` has it, inside the folder of the fixtures. */
  handler: string;
  sink: Sink;
  count: number;
  /** Absent: without the preload. */
  drain?: string | undefined;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds that an invocation may take. */
  timeoutMs?: number;
  /** How the environment is taken down, a while after it has been thawed; killed otherwise. */
  end?: NodeJS.Signals;
}

export interface Invoked {
  answers: { kind: string; body: string; ms: number }[];
  /** How many records had arrived each time the function was frozen. */
  arrivedAtFreeze: number[];
  stderr: string;
  init: string | undefined;
  ended: NodeJS.Signals | number | null;
}

/** Runs a function of AWS Lambda against a Runtime API on the loopback interface, frozen whenever it asks for its next invocation. */
export async function invoke(options: Invocations): Promise<Invoked> {
  const { runtime, binary, handler, sink, count, drain, env = {}, timeoutMs = 3000, end } = options;
  const answers: Invoked["answers"] = [];
  const arrivedAtFreeze: number[] = [];
  let begun = 0;
  let init: string | undefined;
  let app: ChildProcess | undefined;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  async function next(response: ServerResponse): Promise<void> {
    app?.kill("SIGSTOP");
    await sleep(60);
    arrivedAtFreeze.push(sink.arrived.length);
    if (arrivedAtFreeze.length > count) {
      finish();
      return;
    }
    app?.kill("SIGCONT");
    begun = performance.now();
    const n = arrivedAtFreeze.length;
    response
      .writeHead(200, {
        "Lambda-Runtime-Aws-Request-Id": `request-${n}`,
        "Lambda-Runtime-Deadline-Ms": String(Date.now() + timeoutMs),
        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:0:function:f",
        "Lambda-Runtime-Trace-Id": "Root=1-0-0",
      })
      .end(JSON.stringify({ n }));
  }

  const api = createServer((request, response) => {
    const path = request.url ?? "";
    if (path.endsWith("/next")) {
      void next(response);
      return;
    }
    void text(request).then((body) => {
      const kind = path.split("/").at(-1) ?? "";
      if (path.includes("/init/")) init = body;
      else answers.push({ kind, body, ms: Math.round(performance.now() - begun) });
      response.writeHead(202).end("{}");
    });
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const preload = drain === undefined ? [] : ["--import", REGISTER];
  const args = ["--require", NATIVE_CLIENT, ...preload, `${APPS}node_modules/${RUNTIMES[runtime]}`, handler];
  app = spawn(binary, args, {
    cwd: `${APPS}lambda`,
    env: {
      ...inherited,
      ...(drain === undefined ? {} : { FLUSHGUARD_DRAIN: drain }),
      ...sink.env,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}`,
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_VERSION: "1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "f",
      AWS_LAMBDA_LOG_STREAM_NAME: "f",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      LAMBDA_TASK_ROOT: `${APPS}lambda`,
      _HANDLER: handler,
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  app.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const exited = once(app, "close");
  await Promise.race([finished, exited, sleep(30_000, undefined, { ref: false })]);
  if (end !== undefined) {
    app.kill("SIGCONT");
    await sleep(THAWED_MS);
  }
  app.kill(end ?? "SIGKILL");
  await exited;
  api.closeAllConnections();
  api.close();
  if (arrivedAtFreeze.length === 0 && init === undefined) throw new Error(`it did not come to ask: ${stderr}`);
  return { answers, arrivedAtFreeze, stderr, init, ended: app.signalCode ?? app.exitCode };
}
