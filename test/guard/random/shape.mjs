import fc from "fast-check";

/** Kinds of buffer: how to make one, add to it, and take from it. `b` is the expression that gives it. */
const BUFFERS = {
  array: list("[]"),
  subArray: list("new List()"),
  map: map("new Map()"),
  subMap: map("new Table()"),
  set: set("new Set()"),
  subSet: set("new Group()"),
  object: object("{}"),
  nullObject: object("Object.create(null)"),
  sumMap: map("new Map()", true),
  sumObject: object("{}", true),
  nested: nested(),
  fixed: fixed(),
};

function list(fresh) {
  return {
    fresh,
    add: (b, item) => `${b}.push(${item})`,
    size: (b) => `${b}.length`,
    keys: (b) => b,
    copy: (b) => `[...${b}]`,
    peek: (b, n) => `[...${b}].slice(0, ${n})`,
    drop: (b, batch) => `${b}.splice(0, ${batch}.length)`,
    clear: (b) => `${b}.length = 0`,
    splice: (b) => `${b}.splice(0)`,
    back: (b, batch) => `${b}.unshift(...${batch})`,
  };
}

function map(fresh, sum = false) {
  const key = (item) => (sum ? `env.key(${item})` : item);
  const amount = (item) => (sum ? `env.amount(${item})` : "1");
  return {
    fresh,
    sum,
    add: (b, item) => `${b}.set(${key(item)}, (${b}.get(${key(item)}) ?? 0) + ${amount(item)})`,
    size: (b) => `${b}.size`,
    keys: (b) => `${b}.keys()`,
    copy: (b) => `new Map(${b})`,
    peek: (b, n) => `new Map([...${b}].slice(0, ${n}))`,
    drop: (b, batch) => `for (const key of ${batch}.keys()) ${b}.delete(key)`,
    clear: (b) => `${b}.clear()`,
    back: (b, batch) => `for (const [key, n] of ${batch}) ${b}.set(key, (${b}.get(key) ?? 0) + n)`,
  };
}

function object(fresh, sum = false) {
  const key = (item) => (sum ? `env.key(${item})` : item);
  const amount = (item) => (sum ? `env.amount(${item})` : "1");
  return {
    fresh,
    sum,
    add: (b, item) => `${b}[${key(item)}] = (${b}[${key(item)}] ?? 0) + ${amount(item)}`,
    size: (b) => `Object.keys(${b}).length`,
    keys: (b) => `Object.keys(${b})`,
    copy: (b) => `({ ...${b} })`,
    peek: (b, n) => `Object.fromEntries(Object.entries(${b}).slice(0, ${n}))`,
    drop: (b, batch) => `for (const key of Object.keys(${batch})) delete ${b}[key]`,
    clear: (b) => `for (const key of Object.keys(${b})) delete ${b}[key]`,
    back: (b, batch) => `for (const [key, n] of Object.entries(${batch})) ${b}[key] = (${b}[key] ?? 0) + n`,
  };
}

function set(fresh) {
  return {
    fresh,
    add: (b, item) => `${b}.add(${item})`,
    size: (b) => `${b}.size`,
    keys: (b) => b,
    copy: (b) => `new Set(${b})`,
    peek: (b, n) => `new Set([...${b}].slice(0, ${n}))`,
    drop: (b, batch) => `for (const item of ${batch}) ${b}.delete(item)`,
    clear: (b) => `${b}.clear()`,
    back: (b, batch) => `for (const item of ${batch}) ${b}.add(item)`,
  };
}

/** An object of two objects that are always there. */
function nested() {
  const each = (text) => ["even", "odd"].map(text).join(" ");
  const entries = (b) => `["even", "odd"].flatMap((at) => Object.entries(${b}[at]).map(([key, n]) => [at, key, n]))`;
  return {
    fresh: "{ even: {}, odd: {} }",
    add: (b, item) => `${b}[env.key(v)][${item}] = (${b}[env.key(v)][${item}] ?? 0) + 1`,
    size: (b) => `(Object.keys(${b}.even).length + Object.keys(${b}.odd).length)`,
    copy: (b) => `({ even: { ...${b}.even }, odd: { ...${b}.odd } })`,
    peek: (b) => `({ even: { ...${b}.even }, odd: { ...${b}.odd } })`,
    drop: (b, batch) => `for (const [at, key] of ${entries(batch)}) delete ${b}[at][key]`,
    clear: (b) => each((at) => `for (const key of Object.keys(${b}.${at})) delete ${b}.${at}[key];`),
    back: (b, batch) => `for (const [at, key, n] of ${entries(batch)}) ${b}[at][key] = (${b}[at][key] ?? 0) + n`,
  };
}

/** Two numbers that are always there. */
function fixed() {
  return {
    fresh: "{ count: 0, total: 0 }",
    sum: true,
    add: (b, item) => `${b}.count++; ${b}.total += env.amount(${item})`,
    size: (b) => `${b}.count`,
    copy: (b) => `({ ...${b} })`,
    peek: (b) => `({ ...${b} })`,
    drop: (b, batch) => `${b}.count -= ${batch}.count; ${b}.total -= ${batch}.total`,
    clear: (b) => `${b}.count = 0; ${b}.total = 0`,
    back: (b, batch) => `${b}.count += ${batch}.count; ${b}.total += ${batch}.total`,
  };
}

/** Private state as each compiler writes it: what stands before the class, in it, and how its counter is read and raised. */
const PRIVATE = {
  none: { before: "", field: "", construct: "", touch: "" },
  native: { before: "", field: "#n = 0;", construct: "", touch: "this.#n++;" },
  nativeMethod: { before: "", field: "#n = 0; #touch() { this.#n++; }", construct: "", touch: "this.#touch();" },
  typescript: {
    before: `const __classPrivateFieldGet = (o, state) => { if (!state.has(o)) throw new TypeError("Cannot read private member from an object whose class did not declare it"); return state.get(o); };
const __classPrivateFieldSet = (o, state, value) => { if (!state.has(o)) throw new TypeError("Cannot write private member to an object whose class did not declare it"); state.set(o, value); return value; };
const _Client_n = new WeakMap();`,
    field: "",
    construct: "_Client_n.set(this, 0);",
    touch: "__classPrivateFieldSet(this, _Client_n, __classPrivateFieldGet(this, _Client_n) + 1);",
  },
  babel: {
    before: `function _assertClassBrand(e, t) { if (e.has(t)) return t; throw new TypeError("Private element is not present on this object"); }
function _classPrivateFieldGet2(s, a) { return s.get(_assertClassBrand(s, a)); }
function _classPrivateFieldSet2(s, a, r) { return s.set(_assertClassBrand(s, a), r), r; }
const _n = new WeakMap();`,
    field: "",
    construct: "_n.set(this, 0);",
    touch: "_classPrivateFieldSet2(_n, this, _classPrivateFieldGet2(_n, this) + 1);",
  },
  esbuild: {
    before: `const __accessCheck = (obj, member, msg) => member.has(obj) || (() => { throw TypeError("Cannot " + msg); })();
const __privateGet = (obj, member) => (__accessCheck(obj, member, "read from private field"), member.get(obj));
const __privateSet = (obj, member, value) => (__accessCheck(obj, member, "write to private field"), member.set(obj, value), value);
const _n = new WeakMap();`,
    field: "",
    construct: "_n.set(this, 0);",
    touch: "__privateSet(this, _n, __privateGet(this, _n) + 1);",
  },
  swc: {
    before: `function _class_extract_field_descriptor(receiver, privateMap, action) { if (!privateMap.has(receiver)) throw new TypeError("attempted to " + action + " private field on non-instance"); return privateMap.get(receiver); }
const _n = new WeakMap();`,
    field: "",
    construct: "_n.set(this, { value: 0 });",
    touch: `_class_extract_field_descriptor(this, _n, "get").value++;`,
  },
};

const often = (value, times) => Array(times).fill(value);

/** Three times out of four the first. */
const usually = (value, ...others) => fc.constantFrom(...often(value, 3 * others.length), ...others);

/** What a client's class is like. The first value of each is what fast-check shrinks to. */
export const shapes = fc.record({
  buffer: fc.constantFrom(...Object.keys(BUFFERS)),
  flow: fc.constantFrom("readClear", "detach", "lateRead", "chunk", "chunkAfter", "requeue"),
  reset: fc.constantFrom("assign", "clear", "splice", "define", "owner"),
  form: fc.constantFrom(
    ...often("async", 4),
    ...often("chain", 4),
    "callback",
    "callback",
    "optional",
    "optional",
    "this",
    "sync",
    "sync",
    "generator",
    "thenable",
  ),
  flag: usually("none", "return", "promise"),
  inner: usually("none", "delegate", "asyncDelegate", "super", "recursion"),
  auto: usually(0, 2, 3, 5),
  autoExact: fc.boolean(),
  record: fc.oneof(
    { weight: 5, arbitrary: fc.constant("nothing") },
    { weight: 5, arbitrary: fc.constantFrom("this", "value", "size", "promise", "async", "asyncLate", "throws") },
  ),
  hook: usually("none", "before", "after"),
  ctx: fc.boolean(),
  private: usually("none", ...Object.keys(PRIVATE).slice(1)),
  helpers: usually("none", "arrow", "bound"),
  owner: usually("instance", "own", "shared"),
  close: usually("none", "async", "flagFirst", "finally", "callback", "sync", "fire"),
  refuse: fc.constantFrom("drop", "throw"),
  returns: usually("nothing", "value"),
  post: fc.boolean(),
  interval: usually(0, 7),
  copies: fc.boolean(),
  frozen: usually(false, true),
});

/**
 * More of what a class or its app is like, drawn after all else of a program: without them a seed's program is the same.
 * - lazy: the first record makes the buffer, and a flush takes it away
 * - count, hiddenCount: beside the buffer, a number of what is in it; the target knows it, or does not
 * - dirty: beside it, whether there is something in it
 * - stats: beside it, a number of all that was ever recorded
 * - later: a record asks for a flush a little later
 * - untilSent: a record's promise is kept when what it recorded has been sent
 * - retry: a send that has failed is made once more
 * - options: a flush takes options, before its callback
 * - serial: a flush begins when the one before it is over
 * - both: a flush takes a callback and gives a promise
 * - makesRoom: a record that finds the buffer full asks for a flush, and then puts its value in
 * - wrappedRecord, wrappedFlush: the app has put a method of its own around the client's
 */
export const habits = fc.subarray(
  [
    "lazy",
    "count",
    "hiddenCount",
    "dirty",
    "stats",
    "later",
    "untilSent",
    "retry",
    "options",
    "serial",
    "both",
    "makesRoom",
    "wrappedRecord",
    "wrappedFlush",
  ],
  { maxLength: 2 },
);

export const has = (shape, habit) => shape.habits.includes(habit) && FITS[habit]?.(shape) !== false;

const FITS = {
  lazy: (shape) => !isFrozen(shape),
  count: (shape) => isCounted(shape),
  hiddenCount: (shape) => isCounted(shape) && !has(shape, "count"),
  dirty: (shape) => !isFrozen(shape),
  stats: (shape) => !isFrozen(shape),
  retry: ({ form }) => form === "async" || form === "generator",
  later: ({ form }) => form !== "sync",
  // Whose flush sends it settles it.
  untilSent: (shape) => isListed(shape) && !shape.record.startsWith("async") && shape.owner !== "shared",
  serial: ({ form, flag, inner }) => (form === "async" || form === "chain") && flag === "none" && inner !== "recursion",
  makesRoom: ({ auto }) => auto !== 0,
  both: (shape) => shape.form === "optional" && !givesEither(shape),
};

const isListed = (shape) => !isSum(shape) && shape.buffer !== "nested";
const isFrozen = (shape) => shape.frozen && canFreeze(shape) && shape.owner === "instance";
const isCounted = (shape) => isListed(shape) && !isFrozen(shape);

/** Whether what a failed send leaves is still in the buffer. */
export const keepsOnFailure = ({ flow, form }) =>
  form !== "sync" && ["readClear", "lateRead", "chunkAfter", "requeue"].includes(flow);

export const isSum = ({ buffer }) => BUFFERS[buffer].sum === true;
/** Whether what is in one batch comes in the order in which it was recorded. */
export const keepsOrder = ({ buffer }) => buffer !== "nested" && !isSum({ buffer });

/** Whether a flush gives a promise where its callback is left out, by calling itself with one. */
const givesEither = ({ form, returns }) => form === "optional" && returns === "value";
/** Whether a flush may call itself. */
export const callsItself = (shape) => shape.inner === "recursion" || givesEither(shape);

export const needsCallback = ({ form }) => form === "callback";
export const takesCallback = ({ form }) => ["callback", "optional", "this"].includes(form);

/** What is done to a buffer, with what the class's habits add. `b` is the expression that gives the buffer, `owner` whose it is. */
function kindOf(shape, owner) {
  const kind = { ...BUFFERS[shape.buffer], beside: [] };
  const { add, size, back, fresh } = kind;
  if (has(shape, "lazy")) {
    const made = (b) => `${b} ??= ${fresh};`;
    kind.fresh = "undefined";
    kind.add = (b, item) => `${made(b)} ${add(b, item)}`;
    kind.size = (b) => `(${b} === undefined ? 0 : ${size(b)})`;
    kind.back = (b, batch) => `${made(b)} ${back(b, batch)}`;
  }
  const beside = (field, empty, { added, dropped, broughtBack, sized }) => {
    const { add: addTo, back: putBack, size: sizeIn, drop: take } = kind;
    const at = `${owner}.${field}`;
    kind.beside.push([field, empty]);
    kind.add = (b, item) => `${addTo(b, item)}; ${at}${added}`;
    if (sized === undefined) return;
    kind.size = (b) => sized(at, sizeIn(b));
    kind.drop = (b, batch) => `${take(b, batch)}; ${at}${dropped(batch, sizeIn(b))}`;
    kind.back = (b, batch) => `${putBack(b, batch)}; ${at}${broughtBack(batch)}`;
    kind.emptied = `${kind.emptied ?? ""}; ${at} = ${empty}`;
  };
  if (has(shape, "count") || has(shape, "hiddenCount"))
    beside("count", "0", {
      added: "++",
      dropped: (batch) => ` -= ${size(batch)}`,
      broughtBack: (batch) => ` += ${size(batch)}`,
      sized: (at) => at,
    });
  if (has(shape, "dirty"))
    beside("dirty", "false", {
      added: " = true",
      dropped: (_, left) => ` = ${left} > 0`,
      broughtBack: () => " = true",
      sized: (at, n) => `(${at} ? ${n} : 0)`,
    });
  if (has(shape, "stats")) beside("total", "0", { added: "++" });
  return kind;
}

const core = ({ fresh, beside }) => `{ ${[["buffer", fresh], ...beside].map((entry) => entry.join(": ")).join(", ")} }`;

/** The names of methods and fields that a declaration needs. */
export function parts(shape) {
  return {
    record: ["record"],
    flush: shape.inner === "delegate" || shape.inner === "asyncDelegate" ? ["flush", "forceFlush"] : ["flush"],
    send: shape.post ? ["post"] : [],
    close: shape.close === "none" ? [] : ["close"],
    owner: shape.owner === "instance" ? undefined : "core",
    buffer: "buffer",
  };
}

/**
 * The source of a class, as the body of a function of `env` that returns `{ Client, Base }`.
 * The constructor takes the sender and, where owners are shared, the core.
 */
export function sourceOf(shape) {
  const state = PRIVATE[shape.private];
  const owner = shape.owner === "instance" ? "this" : "this.core";
  const b = `${owner}.buffer`;
  const kind = kindOf(shape, owner);
  const lines = [
    ...(shape.buffer === "subArray" ? ["class List extends Array {}"] : []),
    ...(shape.buffer === "subMap" ? ["class Table extends Map {}"] : []),
    ...(shape.buffer === "subSet" ? ["class Group extends Set {}"] : []),
    ...(state.before === "" ? [] : [state.before]),
    "class Base {",
    ...(state.field === "" ? [] : [`  ${state.field}`]),
    ...(shape.helpers === "arrow" ? [`  size = () => ${kind.size(b)};`] : []),
    "  constructor(sender, core) {",
    "    this.sender = sender;",
    ...(state.construct === "" ? [] : [`    ${state.construct}`]),
    shape.owner === "instance"
      ? `    this.buffer = ${kind.fresh};${kind.beside.map(([field, empty]) => ` this.${field} = ${empty};`).join("")}`
      : `    this.core = core ?? ${core(kind)};`,
    `    this.state = { closed: false, busy: false, current: undefined${has(shape, "later") ? ", timer: undefined" : ""}${has(shape, "untilSent") ? ", waiting: new Map()" : ""}${has(shape, "serial") ? ", tail: Promise.resolve()" : ""} };`,
    ...(shape.helpers === "bound" ? ["    this.size = this.size.bind(this);"] : []),
    ...(shape.interval === 0
      ? []
      : [`    this.timer = setInterval(() => { ${quietly(shape, "this")} }, ${shape.interval}).unref();`]),
    ...(shape.frozen && canFreeze(shape) ? ["    Object.freeze(this);"] : []),
    "  }",
    ...(shape.helpers === "arrow" ? [] : [`  size() { return ${kind.size(b)}; }`]),
    ...record(shape, state, kind, b),
    ...flush(shape, state, kind, b, owner),
    ...(shape.inner === "delegate" ? ["  forceFlush(...args) { return this.flush(...args); }"] : []),
    ...(shape.inner === "asyncDelegate"
      ? [
          takesCallback(shape) || shape.form === "generator"
            ? "  forceFlush(...args) { return this.flush(...args); }"
            : "  async forceFlush() { return await this.flush(); }",
        ]
      : []),
    ...(shape.post ? ["  post(...args) { return this.sender(...args); }"] : []),
    ...close(shape),
    "}",
    ...(shape.inner === "super" ? subclass(shape) : ["const Client = Base;"]),
    "return { Client, Base };",
  ];
  const source = lines.join("\n");
  return has(shape, "options") ? withOptions(source) : source;
}

/** The same, with options as what a flush takes first. */
const withOptions = (source) =>
  source
    .replaceAll(/\.flush\((?!\.\.\.)(\)?)/g, (_, none) => (none ? ".flush({})" : ".flush({}, "))
    .replaceAll(/^( +(?:async )?\*?flush\()(?!\.\.\.)(\)?)/gm, (_, head, none) => `${head}options${none || ", "}`);

export function canFreeze(shape) {
  return (shape.reset === "clear" || shape.reset === "splice") && shape.helpers !== "bound";
}

function subclass(shape) {
  return [
    "class Client extends Base {",
    "  record(v) { return super.record(v); }",
    takesCallback(shape) || shape.form === "sync" || shape.form === "thenable"
      ? "  flush(...args) { return super.flush(...args); }"
      : shape.form === "generator"
        ? "  async *flush() { yield* super.flush(); }"
        : "  async flush() { return await super.flush(); }",
    "}",
  ];
}

function record(shape, state, kind, b) {
  const refuse =
    shape.refuse === "throw"
      ? `throw new Error("closed")`
      : ({ this: "return this", promise: "return Promise.resolve()" }[shape.record] ?? "return");
  const auto =
    shape.auto === 0
      ? []
      : [`    if (this.size() ${shape.autoExact ? "===" : ">="} ${shape.auto}) ${quietly(shape, "this")}`];
  const result = has(shape, "untilSent")
    ? "return new Promise((resolve) => this.state.waiting.set(env.item(v), resolve));"
    : {
        this: "return this;",
        value: "return v * 2;",
        size: "return this.size();",
        promise: "return Promise.resolve(v);",
      }[shape.record];
  return [
    `  ${shape.record.startsWith("async") ? "async " : ""}record(v) {`,
    ...(shape.close === "none" ? [] : [`    if (this.state.closed) ${refuse};`]),
    ...(shape.record === "throws" ? [`    if (v % 4 === 3) throw new Error("no such value");`] : []),
    ...(state.touch === "" ? [] : [`    ${state.touch}`]),
    ...(shape.record === "asyncLate" ? ["    await env.pause();"] : []),
    ...(shape.hook === "before" ? ["    env.hook(v, this);"] : []),
    ...(has(shape, "makesRoom") ? auto : []),
    `    ${kind.add(b, "env.item(v)")};`,
    ...(shape.hook === "after" ? ["    env.hook(v, this);"] : []),
    ...(has(shape, "makesRoom") ? [] : auto),
    ...(has(shape, "later")
      ? [`    this.state.timer ??= setTimeout(() => { this.state.timer = undefined; ${quietly(shape, "this")} }, 3);`]
      : []),
    ...(result === undefined ? [] : [`    ${result}`]),
    "  }",
  ];
}

/** An automatic flush, whose failure is nobody's. */
function quietly({ form }, self) {
  if (form === "generator") return `env.exhaust(${self}.flush());`;
  if (form === "async" || form === "chain") return `${self}.flush()?.catch(() => {});`;
  if (form === "thenable") return `${self}.flush()?.then(undefined, () => {});`;
  return `${self}.flush(() => {});`;
}

/** What happens before a send, after it, and after it has failed. */
function steps(shape, kind, b, owner) {
  const fresh = {
    assign: `${b} = ${kind.fresh}`,
    define: `Object.defineProperty(${owner}, "buffer", { value: ${kind.fresh}, writable: true, enumerable: true, configurable: true })`,
    // Where two share an owner, neither replaces it.
    owner: owner === "this" || shape.owner === "shared" ? `${b} = ${kind.fresh}` : `${owner} = ${core(kind)}`,
    clear: kind.clear(b),
    splice: (kind.splice ?? kind.clear)(b),
  }[shape.reset];
  const { emptied = "" } = kind;
  const mustCopy = shape.reset === "clear" || shape.reset === "splice";
  const take = mustCopy
    ? kind.splice !== undefined && shape.reset === "splice"
      ? `const batch = ${kind.splice(b)}${emptied};`
      : `const batch = ${kind.copy(b)}; ${fresh}${emptied};`
    : `const batch = ${b}; ${fresh}${emptied};`;
  switch (shape.flow) {
    case "detach":
      return { before: take };
    case "requeue":
      return { before: take, failed: kind.back(b, "batch") };
    case "readClear":
      return { before: `const batch = ${shape.copies ? kind.copy(b) : b};`, after: `${fresh}${emptied}` };
    case "lateRead":
      return { wait: true, before: `const batch = ${shape.copies ? kind.copy(b) : b};`, after: `${fresh}${emptied}` };
    case "chunk":
      return { loop: true, before: `const batch = ${kind.peek(b, 2)}; ${kind.drop(b, "batch")};` };
    case "chunkAfter":
      return { loop: true, before: `const batch = ${kind.peek(b, 2)};`, after: kind.drop(b, "batch") };
  }
}

function flush(shape, state, kind, b, owner) {
  const { wait = false, loop = false, before, after: done, failed } = steps(shape, kind, b, owner);
  const kept = has(shape, "untilSent")
    ? `for (const key of ${kind.keys("batch")}) { this.state.waiting.get(key)?.(); this.state.waiting.delete(key); }`
    : undefined;
  // What the batch is read for, before it may be emptied.
  const after = kept === undefined ? done : done === undefined ? kept : `${kept} ${done}`;
  const send = shape.post ? "this.post" : "this.sender";
  const value = shape.returns === "value" && ["async", "chain", "thenable"].includes(shape.form) ? `"sent"` : undefined;
  const isEmpty = "this.size() === 0";
  const touch = [
    ...(state.touch === "" ? [] : [`  ${state.touch}`]),
    ...(has(shape, "later") ? ["  clearTimeout(this.state.timer); this.state.timer = undefined;"] : []),
  ];
  const serial = has(shape, "serial")
    ? method("flush()", [
        "const run = this.state.tail.then(() => this.run());",
        "this.state.tail = run.catch(() => {});",
        "return run;",
      ])
    : [];
  const name = serial.length > 0 ? "run" : "flush";
  const again = shape.inner === "recursion" && loop;
  const then = after === undefined ? "" : `${after};`;
  if (shape.form === "async" || shape.form === "generator") {
    const star = shape.form === "generator" ? "*" : "";
    const sending = has(shape, "retry")
      ? `${send}(batch).catch(() => env.pause().then(() => ${send}(batch)))`
      : `${send}(batch)`;
    const sent =
      failed === undefined
        ? [`await ${sending};`]
        : [`try { await ${sending}; } catch (error) { ${failed}; throw error; }`];
    const once = [before, ...sent, ...(then === "" ? [] : [then]), ...(star === "" ? [] : ["yield batch;"])];
    const body = [
      ...touch.map((line) => line.trim()),
      ...(wait ? ["await env.pause();"] : []),
      ...(loop && !again
        ? [`while (!(${isEmpty})) {`, ...once.map((line) => `  ${line}`), "}"]
        : [`if (${isEmpty}) return${value ? ` ${value}` : ""};`, ...once]),
      ...(again ? [star === "" ? "await this.flush();" : "yield* this.flush();"] : []),
      ...(value === undefined ? [] : [`return ${value};`]),
    ];
    if (star !== "" || shape.flag === "none" || again) return [...serial, ...method(`async ${star}${name}()`, body)];
    if (shape.flag === "return") {
      return method("async flush()", [
        `if (this.state.busy) return${value ? ` ${value}` : ""};`,
        "this.state.busy = true;",
        "try {",
        ...body.map((line) => `  ${line}`),
        "} finally { this.state.busy = false; }",
      ]);
    }
    return [
      ...method("flush()", [
        "return (this.state.current ??= this.run().finally(() => { this.state.current = undefined; }));",
      ]),
      ...method("async run()", body),
    ];
  }
  if (shape.form === "chain" || shape.form === "thenable") {
    const next = loop
      ? again
        ? "return this.flush();"
        : "return step();"
      : value === undefined
        ? ""
        : `return ${value};`;
    const body = [
      ...touch.map((line) => line.trim()),
      "const step = () => {",
      `  if (${isEmpty}) return ${value ?? "undefined"};`,
      `  ${before}`,
      `  return ${send}(batch).then(() => { ${then} ${next} }${failed === undefined ? "" : `, (error) => { ${failed}; throw error; }`});`,
      "};",
      wait ? "const sent = env.pause().then(step);" : "const sent = Promise.resolve(step());",
    ];
    const whole = shape.form === "thenable" ? "{ then: (...args) => sent.then(...args) }" : "sent";
    if (shape.flag === "return" && !again) {
      return method("flush()", [
        "if (this.state.busy) return undefined;",
        ...body,
        "this.state.busy = true;",
        `const over = sent.finally(() => { this.state.busy = false; });`,
        `return ${whole.replaceAll("sent", "over")};`,
      ]);
    }
    if (shape.flag === "promise" && !again) {
      return method("flush()", [
        "if (this.state.current) return this.state.current;",
        ...body,
        `this.state.current = ${whole.replaceAll("sent", "sent.finally(() => { this.state.current = undefined; })")};`,
        "return this.state.current;",
      ]);
    }
    return [...serial, ...method(`${name}()`, [...body, `return ${whole};`])];
  }
  if (shape.form === "sync") {
    return method("flush()", [
      ...touch.map((line) => line.trim()),
      ...(loop && !again ? [`while (!(${isEmpty})) {`] : [`if (${isEmpty}) return;`]),
      before,
      `env.fire(${send}(batch));`,
      ...(then === "" ? [] : [then]),
      ...(loop && !again ? ["}"] : []),
      ...(again ? ["this.flush();"] : []),
    ]);
  }
  const parameter = shape.form === "callback" ? "done" : "done = () => {}";
  const busy = shape.flag !== "none" && !again;
  const next = loop ? (again ? "this.flush(over);" : "step();") : "over(null);";
  const promised = has(shape, "both")
    ? method("flush(done)", ["return new Promise((resolve) => this.run((error) => { done?.(error); resolve(); }));"])
    : [];
  return [
    ...promised,
    ...method(`${promised.length > 0 ? "run" : "flush"}(${givesEither(shape) ? "done" : parameter})`, [
      ...(givesEither(shape)
        ? [
            `if (done === undefined) return new Promise((resolve, reject) => this.flush((error) => (error ? reject(error) : resolve())));`,
          ]
        : []),
      ...(busy ? [`if (this.state.busy) { done(null); return${shape.form === "this" ? " this" : ""}; }`] : []),
      ...touch.map((line) => line.trim()),
      `const over = (error) => { ${busy ? "this.state.busy = false; " : ""}done(error); };`,
      "const step = () => {",
      `  if (${isEmpty}) return over(null);`,
      `  ${before}`,
      `  ${send}(batch, (error) => { if (error) { ${failed === undefined ? "" : `${failed}; `}return over(error); } ${then} ${next} });`,
      "};",
      ...(busy ? ["this.state.busy = true;"] : []),
      wait ? "env.pause(step);" : "step();",
      ...(shape.form === "this" ? ["return this;"] : []),
    ]),
  ];
}

function method(head, body) {
  return [`  ${head} {`, ...body.map((line) => `    ${line}`), "  }"];
}

function close(shape) {
  if (shape.close === "none") return [];
  const stop = shape.interval === 0 ? "" : "clearInterval(this.timer); ";
  const shut = "this.state.closed = true;";
  if (shape.close === "sync") return [`  close() { ${stop}${shut} }`];
  if (shape.close === "fire") return [`  close() { ${stop}${quietly(shape, "this")} ${shut} }`];
  if (shape.form === "sync") return [`  close() { ${stop}this.flush(); ${shut} }`];
  if (takesCallback(shape)) {
    return [
      `  close(done) { ${stop}${shape.close === "flagFirst" ? shut : ""}this.flush((error) => { ${shut} done?.(error); }); }`,
    ];
  }
  if (shape.form === "generator") return [`  async close() { ${stop}for await (const _ of this.flush()); ${shut} }`];
  if (shape.close === "callback")
    return [`  close(done) { ${stop}this.flush().then(() => { ${shut} done?.(null); }, done); }`];
  if (shape.close === "finally" && shape.form === "chain" && shape.flag !== "return") {
    return [`  close() { ${stop}return this.flush().finally(() => { ${shut} }); }`];
  }
  return shape.close === "flagFirst"
    ? [`  async close() { ${stop}${shut} await this.flush(); }`]
    : [`  async close() { ${stop}await this.flush(); ${shut} }`];
}
