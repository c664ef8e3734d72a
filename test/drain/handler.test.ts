import { afterEach, expect, test, vi } from "vitest";
import { drainingHandler } from "../../dist/src/drain/lambda/handler.js";

const DEADLINE = { getRemainingTimeInMillis: () => 1150 };
const noted = () => vi.fn(async (_limitMs: number) => {});

test("a stream that nobody waits for is left for the runtime to refuse", () => {
  const handler = Object.assign(() => undefined, { [Symbol.for("aws.lambda.runtime.handler.streaming")]: "response" });
  const drain = noted();
  expect(drainingHandler(handler, drain)({}, {}, DEADLINE)).toBe(undefined);
  expect(drain).toHaveBeenCalledOnce();
});

test.each([
  { tells: "the time", context: { getRemainingTimeInMillis: () => 1150 }, limitMs: 1000 },
  { tells: "no number", context: { getRemainingTimeInMillis: () => Number.NaN }, limitMs: Number.POSITIVE_INFINITY },
  { tells: "nothing", context: {}, limitMs: Number.POSITIVE_INFINITY },
])("a runtime that tells $tells of what is left", async ({ context, limitMs }) => {
  const drain = noted();
  expect(await drainingHandler(() => "answer", drain)({}, context)).toBe("answer");
  expect(drain.mock.calls).toEqual([[limitMs]]);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the time that is left runs out also where the app has replaced its timers", async () => {
  const timer = vi.fn();
  vi.stubGlobal("setTimeout", timer);
  const context = { getRemainingTimeInMillis: () => 151 };
  const never = (): Promise<void> => new Promise(() => {});
  expect(await drainingHandler(() => "answer", never)({}, context)).toBe("answer");
  expect(timer).not.toHaveBeenCalled();
});

test("what is recorded between the return and the callback leaves with a drain of its own", async () => {
  const order: string[] = [];
  const drain = async (): Promise<void> => void order.push("drained");
  const answered = new Promise<void>((resolve) => {
    const callback = (): void => {
      order.push("answered");
      resolve();
    };
    const later = (_event: unknown, _context: unknown, done: unknown): void => {
      setImmediate(() => {
        order.push("recorded");
        (done as () => void)();
      });
    };
    drainingHandler(later as (...args: unknown[]) => unknown, drain)({}, { ...DEADLINE }, callback);
  });
  await answered;
  expect(order).toEqual(["drained", "recorded", "drained", "answered"]);
});

test("once its promise has settled, a way out of the context that throws throws in its caller", async () => {
  const fail = vi.fn();
  const succeed = (): void => {
    throw new Error("cannot be sent");
  };
  const context = { ...DEADLINE, succeed };
  await drainingHandler(async () => 1, noted())({}, context, fail);
  expect(() => context.succeed()).toThrow("cannot be sent");
  expect(fail).not.toHaveBeenCalled();
});

test("an answer that cannot be sent is told to the runtime's callback, as what the handler throws", async () => {
  const told = await new Promise((resolve) => {
    const callback = (error: unknown): void => {
      if (error === null) throw new Error("cannot be sent");
      resolve(error);
    };
    const answers = (...[, , done]: unknown[]): unknown => (done as typeof callback)(null);
    drainingHandler(answers, noted())({}, { ...DEADLINE }, callback);
  });
  expect(told).toEqual(new Error("cannot be sent"));
});

test("a handler that cannot be looked at is called all the same", async () => {
  const refuses = {
    ownKeys: () => {
      throw new Error("nobody's business");
    },
  };
  const handler = new Proxy(
    async (event: unknown) => event,
    refuses as ProxyHandler<(event: unknown) => Promise<unknown>>,
  );
  const outer = drainingHandler(handler as () => unknown, noted());
  expect([outer.length, await outer("event", DEADLINE)]).toEqual([1, "event"]);
});
