import { rolesOf } from "./declare.mjs";
import { numbered } from "./play.mjs";
import { has, isSum, needsCallback, parts, sourceOf, takesCallback } from "./shape.mjs";

/**
 * A program as one that can be run by itself: `node FILE` without the guard, `node FILE --guard` with it, in real time.
 * With `--bare` it handles no error of its own and makes no closing flushes, so that its exit code is the program's.
 * @param title lines of a comment that says what is wrong
 * @param index the file of the package to import
 */
export function printed(program, title, index) {
  const { shape } = program;
  const { main, beside } = numbered(program);
  const closing = main.findIndex(({ do: what }) => what === "close");
  const cut = closing < 0 ? main.length : closing;
  return `${title.map((line) => `// ${line}`).join("\n")}
import { AsyncLocalStorage } from "node:async_hooks";
process.env.FLUSHGUARD_FLUSH_TIMEOUT_MS ??= "2000";
const isGuarded = process.argv.includes("--guard");
const { guard, disable, enable } = await import(${JSON.stringify(index)});
const began = performance.now();
const log = (...what) => console.log(String(Math.round(performance.now() - began)).padStart(5), ...what);
const isBare = process.argv.includes("--bare");
if (!isBare) process.on("unhandledRejection", (error) => log("UNHANDLED", error.message));
if (!isBare) process.on("uncaughtException", (error) => log("UNCAUGHT", error.message));
process.on("exit", (code) => log("exit", code));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const storage = new AsyncLocalStorage();
const once = new Set();
const first = (what) => !once.has(what) && once.add(what);
const env = {
  item: ${itemText(shape)},
  key: (v) => (v % 2 === 0 ? "even" : "odd"),
  amount: (v) => 8 ** v,
  pause: (done) => (done === undefined ? sleep(1) : void setTimeout(done, 1)),
  fire: (promise) => void promise?.catch(() => {}),
  exhaust: async (generator) => { try { for await (const _ of generator); } catch {} },
  hook(v, client) {
    if (v === ${program.hook.value} && first("hook")) ${program.hook.how === "record" ? "client.record(17)" : `client.${flushText(shape, takesCallback(shape) ? "() => {}" : "")}`};
  },
};

const { Client, Base } = (() => {
${sourceOf(shape)}
})();

${senderText(program)}
const roles = ${JSON.stringify(rolesOf(program), null, 2)};
const handles = [];
function guardThem(...all) {
  if (!isGuarded) return;
  for (const what of all) {
    const handle = guard(what, roles);
    handles.push(handle);
    log("guarded:", handle.guarded, handle.reason ?? "");
  }
}
const settles = (name, result) => {
  log(name, "returns", typeof result?.then === "function" ? "a promise" : result === undefined ? "nothing" : typeof result);
  return result?.then?.((value) => log(name, "is fulfilled", value ?? ""), (error) => log(name, "is rejected:", error.message));
};

${program.late || program.guarded === "instance" ? "" : `${guardText(program)}\n`}const one = new Client(sender);
const two = new Client(sender${shape.owner === "shared" ? ", one.core" : ""});
const clients = [one, two]${program.via === "proxy" ? ".map((client) => new Proxy(client, {}))" : ""};
${["record", "flush"].map((name) => wrapText(shape, name)).join("")}${!program.late && program.guarded === "instance" ? `${guardText(program)}\n` : ""}${boundText(program)}${program.alive ? "const server = setInterval(() => {}, 1000);\n" : ""}
async function beside() {
${taskText(beside, program)}}
const other = beside();
${taskText(main.slice(0, cut), program)}await other;
${taskText(main.slice(cut), program)}
log("the program is over");
${program.alive ? "clearInterval(server);\n" : ""}if (!isBare) setTimeout(async () => {
  for (const client of [one, two]) clearInterval(client.timer);
  log("what had arrived:", arrived.join(" "));
  for (let i = 0; i < 3; i++) for (const client of clients) {
    await Promise.race([sleep(3000), ${closingFlush(shape)}]).catch((error) => log("closing flush:", error.message));
  }
  await sleep(100);
  log("what has arrived: ", arrived.join(" "));
  process.exit();
}, 3000);
`;
}

function flushText(shape, args, name = "flush") {
  const all = [...(has(shape, "options") && name !== "close" ? ["{}"] : []), ...(args === "" ? [] : [args])];
  return `${name}(${all.join(", ")})`;
}

function itemText(shape) {
  if (isSum(shape)) return "(v) => v";
  return shape.ctx ? '(v) => ["k", v, "@", storage.getStore()].join("")' : '(v) => ["k", v].join("")';
}

function wrapText(shape, name) {
  if (!has(shape, `wrapped${name[0].toUpperCase()}${name.slice(1)}`)) return "";
  return `for (const client of [one, two].filter(Object.isExtensible)) {
  const original = client.${name};
  client.${name} = function (...args) { return original.apply(this, args); };
}
`;
}

function boundText({ via, shape }) {
  if (via !== "bound") return "";
  const names = JSON.stringify(["record", ...parts(shape).flush, ...parts(shape).close]);
  return `const bound = clients.map((client) => Object.fromEntries(${names}.map((name) => [name, client[name].bind(client)])));\n`;
}

function closingFlush(shape) {
  if (takesCallback(shape)) return `new Promise((resolve) => client.${flushText(shape, "resolve")})`;
  if (shape.form === "generator") return `env.exhaust(client.${flushText(shape, "")})`;
  return `(async () => client.${flushText(shape, "")})()`;
}

function guardText({ guarded, shape }) {
  const what = {
    class: "Client",
    base: "Base",
    both: shape.inner === "super" ? "Base, Client" : "Base",
    instance: "one, two",
  }[guarded];
  return `guardThem(${what});`;
}

function taskText(steps, program) {
  return steps
    .map(
      (step) => `${stepText(step, program)}
`,
    )
    .join("");
}

function callText({ on }, name, given, { via, shape }) {
  const args = name === "record" ? given : flushText(shape, given, name).slice(name.length + 1, -1);
  const all = args === "" ? "" : `, ${args}`;
  if (via === "call") return `Client.prototype.${name}.call(clients[${on}]${all})`;
  if (via === "bound") return `bound[${on}].${name}(${args})`;
  if (via === "destructured") return `(({ ${name} }) => ${name}.call(clients[${on}]${all}))(clients[${on}])`;
  return `clients[${on}].${name}(${args})`;
}

function stepText(step, program) {
  const { shape } = program;
  const trying = (text, name) => `try { ${text} } catch (error) { log("${name} throws", error.message); }`;
  switch (step.do) {
    case "record": {
      const calls = step.values.map((v) => {
        const call = callText(step, "record", String(v), program);
        return trying(
          step.watch ? `${call}?.catch?.((error) => log("record", ${v}, "is rejected:", error.message));` : `${call};`,
          `record ${v}`,
        );
      });
      return step.as === undefined ? calls.join("\n") : `storage.run("${step.as}", () => {\n${calls.join("\n")}\n});`;
    }
    case "flush":
    case "close": {
      const names = parts(shape).flush;
      const name = step.do === "close" ? "close" : step.other ? names[names.length - 1] : "flush";
      if (name === "close" && shape.close === "none") return "";
      const id = `"${name} (step ${step.index})"`;
      const byCallback =
        takesCallback(shape) ||
        (name === "close" && shape.close === "callback" && shape.form !== "generator" && shape.form !== "sync");
      if (byCallback && (step.do === "close" || step.callback || needsCallback(shape))) {
        const call = (extra) =>
          callText(step, name, `(error) => { log(${id}, "is called back:", error?.message ?? "");${extra} }`, program);
        return trying(
          step.wait ? `await new Promise((resolve) => { ${call(" resolve();")}; });` : `${call("")};`,
          `${name} (step ${step.index})`,
        );
      }
      const call = callText(step, name, "", program);
      if (shape.form === "generator" && name !== "close")
        return trying(`${step.wait ? "await " : ""}env.exhaust(${call});`, name);
      if (!step.wait && step.do === "flush" && !step.watch) return trying(`${call};`, name);
      return trying(`${step.wait ? "await " : ""}settles(${id}, ${call});`, `${name} (step ${step.index})`);
    }
    case "sleep":
      return `await sleep(${step.ms});`;
    case "turn":
      return "await new Promise((resolve) => setImmediate(resolve));";
    case "tick":
      return "await undefined;";
    case "guard":
      return `if (handles.length === 0) ${guardText(program)}`;
    case "restore":
      return "for (const handle of handles.splice(0)) handle.restore();";
    default:
      return `if (isGuarded) ${step.do}();`;
  }
}

function senderText(program) {
  const { shape, sender } = program;
  const keeps = ["readClear", "lateRead", "chunkAfter", "requeue"].includes(shape.flow) && shape.form !== "sync";
  const { bad, again } = sender;
  const fails = bad?.how === "reject" || bad?.how === "throw";
  const values = isSum(shape)
    ? `const values = (batch) => (batch instanceof Map ? [...batch.values()] : batch.total !== undefined ? [batch.total] : Object.values(batch)).flatMap((n) => {
  const found = [];
  for (let v = 0, rest = n; rest >= 1; v++, rest = Math.floor(rest / 8)) for (let i = rest % 8; i > 0; i--) found.push(v);
  return found;
});`
    : `const values = (batch) => (Array.isArray(batch) || batch instanceof Set ? [...batch] : (batch instanceof Map ? [...batch] : (batch?.even instanceof Object ? [batch.even, batch.odd] : [batch ?? {}]).flatMap((part) => Object.entries(part))).flatMap(([key, n]) => Array(n).fill(key))).map((item) => ${shape.ctx ? 'item.slice(1).replace(/@$/, "")' : "Number(item.slice(1))"});`;
  const has = (value) => `taken.some((v) => Number.parseInt(v) === ${value})`;
  const lines = [
    "const arrived = [];",
    values,
    `const latencies = ${JSON.stringify(sender.latencies)};`,
    takesCallback(shape) ? "function sender(batch, done) {" : "function sender(batch) {",
    "  const taken = values(batch);",
    `  log("sends", taken.join(" "));`,
    "  const latency = latencies[(Number.parseInt(taken[0]) || 0) % latencies.length];",
    `  const fails = ${fails ? `${has(bad.value)}${keeps ? ` && first("the failure")` : ""}` : "false"};`,
    `  const arrive = () => { const all = ${sender.readsLate ? "values(batch)" : "taken"}; const good = ${fails ? (keeps ? "fails ? [] : all" : `fails ? all.filter((v) => Number.parseInt(v) !== ${bad.value}) : all`) : "all"}; arrived.push(...good); log("arrives", good.join(" ")); };`,
    ...(bad?.how === "throw" && !takesCallback(shape)
      ? [`  if (fails) { arrive(); throw new Error("refused by the sender"); }`]
      : []),
    ...(bad?.how === "never"
      ? [`  if (${has(bad.value)}) { arrive(); return${takesCallback(shape) ? "" : " new Promise(() => {})"}; }`]
      : []),
    "  let nested;",
    ...(again === null
      ? []
      : [`  if (${has(again.value)} && first("again")) {`, `    ${againText(again.how, shape)}`, "  }"]),
    ...(takesCallback(shape)
      ? [
          `  const finish = () => { arrive(); const error = fails ? new Error("refused by the sender") : null; done(error);${bad?.how === "twice" ? ` if (${has(bad.value)}) done(error);` : ""} };`,
          "  const after = nested === undefined ? finish : () => void nested.then(finish);",
          "  if (latency === 0) after(); else setTimeout(after, latency);",
        ]
      : [
          "  if (latency === 0 && nested === undefined && !fails) { arrive(); return Promise.resolve(); }",
          "  return (async () => {",
          "    if (latency > 0) await sleep(latency);",
          "    await nested;",
          "    arrive();",
          `    if (fails) throw new Error("refused by the sender");`,
          "  })();",
        ]),
    "}",
  ];
  return lines.join("\n");
}

function againText(how, shape) {
  if (how === "record") return "clients[0].record(16);";
  if (how === "close") return "clients[0].close?.(() => {})?.catch?.(() => {});";
  const flush = takesCallback(shape)
    ? `new Promise((resolve) => clients[0].${flushText(shape, `(error) => { log("the sender's flush is over", error?.message ?? ""); resolve(); }`)})`
    : shape.form === "generator"
      ? `env.exhaust(clients[0].${flushText(shape, "")})`
      : `Promise.resolve(clients[0].${flushText(shape, "")}).then(() => log("the sender's flush is over"), (error) => log("the sender's flush is rejected:", error.message))`;
  return how === "flush" ? `${flush};` : `nested = ${flush};`;
}
