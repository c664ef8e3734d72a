/** A client in its plainest form: what its fields begin as, and its methods. */
interface Shape {
  fields: Readonly<Record<string, string>>;
  methods: string;
}

/** Clients that lose, repeat or strand what is recorded. */
export const LOSES: Readonly<Record<string, Shape>> = {
  lostAwait: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ if (!this.queue.length) return; await post(this.queue); this.queue = []; }`,
  },
  lostSplice: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const n = this.queue.length; const items = this.queue.map((x)=>({x})); try { await post(JSON.stringify(items)); this.queue.splice(0, this.queue.length); } catch (e) { console.error(e); } }`,
  },
  lostThen: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } flush(){ const body = JSON.stringify(this.queue); return post(body).then((res) => { if (res.ok) { this.queue = []; } return res; }); }`,
  },
  lostCounts: {
    fields: { counts: "{}" },
    methods: `record(k){ this.counts[k] = (this.counts[k] || 0) + 1; } async flush(){ const entries = Object.entries(this.counts); await Promise.all(entries.map(([k, v]) => post(k, v))); this.counts = {}; }`,
  },
  lostGroups: {
    fields: { groups: "new Map()" },
    methods: `record(k, x){ let list = this.groups.get(k); if (!list) { list = []; this.groups.set(k, list); } list.push(x); } async flush(){ for (const [k, list] of this.groups) { await post(k, list); } this.groups.clear(); }`,
  },
  lostHelper: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const items = this.serialize(); await this.deliver(items); this.reset(); } serialize(){ return JSON.stringify(this.queue); } async deliver(items){ await post(items); } reset(){ this.queue = []; }`,
  },
  lostText: {
    fields: { text: "''" },
    methods: String.raw`record(x){ this.text += x + "\\n"; } async flush(){ await post(this.text); this.text = ''; }`,
  },
  flagged: {
    fields: { queue: "[]", busy: "false" },
    methods: `record(x){ this.queue.push(x); } async flush(){ if (this.busy) return; this.busy = true; try { const batch = this.queue.splice(0, 100); await post(batch); } finally { this.busy = false; } }`,
  },
  flaggedThen: {
    fields: { queue: "[]", busy: "false" },
    methods: `record(x){ this.queue.push(x); } flush(){ if (this.busy) return Promise.resolve(); this.busy = true; const batch = this.queue; this.queue = []; return post(batch).finally(() => { this.busy = false; }); }`,
  },
  flaggedBoth: {
    fields: { queue: "[]", busy: "false" },
    methods: `record(x){ this.queue.push(x); } async flush(){ if (this.busy || this.queue.length === 0) { return; } this.busy = true; const batch = [...this.queue]; this.queue = []; await post(batch); this.busy = false; }`,
  },
  empty: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length >= 10) this.flush(); } async flush(){ if (this.queue.length === 0) return; const batch = this.queue; this.queue = []; await post(batch); }`,
  },
  emptyTimer: {
    fields: { queue: "[]", timer: "null" },
    methods: `record(x){ this.queue.push(x); if (!this.timer) this.timer = setTimeout(() => this.flush(), 1000); } async flush(){ if (this.timer) { clearTimeout(this.timer); this.timer = null; } const batch = this.queue.splice(0); if (!batch.length) return; await post(batch); }`,
  },
  emptyHelper: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) void this.flush(); } take(){ const batch = this.queue; this.queue = []; return batch; } async flush(){ const batch = this.take(); if (batch.length === 0) return; await this.deliver(batch); } async deliver(batch){ await post(batch); }`,
  },
  emptyGuarded: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ if (this.queue.length > 0) { const batch = this.queue; this.queue = []; try { await post(batch); } catch (e) { this.queue.unshift(...batch); } } }`,
  },
  emptySlice: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const batch = this.queue.slice(0, 50); this.queue = this.queue.slice(50); if (!batch.length) return; await post(batch); }`,
  },
  emptyPartition: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const [batch, ...rest] = chunk(this.queue, 50); if (!batch) return; this.queue = rest.flat(); await post(batch); }`,
  },
  emptyDestructured: {
    fields: { state: "{ queue: [], size: 0 }" },
    methods: `record(x){ this.state.queue.push(x); this.state.size += 1; if (this.state.size > 9) this.flush(); } async flush(){ const { queue } = this.state; if (!queue.length) return; this.state = { queue: [], size: 0 }; await post(queue); }`,
  },
  emptyMap: {
    fields: { items: "new Map()" },
    methods: `record(k, v){ this.items.set(k, v); if (this.items.size > 9) this.flush(); } async flush(){ if (!this.items.size) return; const batch = Array.from(this.items.values()); this.items.clear(); await post(batch); }`,
  },
  emptySet: {
    fields: { items: "new Set()" },
    methods: `record(v){ this.items.add(v); if (this.items.size > 9) this.flush(); } async flush(){ const batch = [...this.items]; this.items = new Set(); if (batch.length === 0) return; await post(batch); }`,
  },
  emptyShift: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const batch = []; while (this.queue.length) { batch.push(this.queue.shift()); } if (batch.length) await post(batch); }`,
  },
  emptyPerItem: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ while (this.queue.length) { const x = this.queue.shift(); await post(x); } }`,
  },
  emptyAll: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const batch = this.queue; this.queue = []; await Promise.all(batch.map((x) => post(x))); }`,
  },
  nothing: {
    fields: { queue: "[]", timer: "null" },
    methods: `start(){ this.timer = setInterval(() => this.flush(), 1000); } record(x){ this.queue.push(x); } flush(){ const batch = this.queue; this.queue = []; return post(batch); }`,
  },
  putBack: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const batch = this.queue; this.queue = []; try { await post(batch); } catch (e) { this.queue = batch; } }`,
  },
  joins: {
    fields: { queue: "[]", inflight: "null" },
    methods: `record(x){ this.queue.push(x); } flush(){ if (this.inflight) return this.inflight; const batch = this.queue; this.queue = []; this.inflight = post(batch).finally(() => { this.inflight = null; }); return this.inflight; }`,
  },
  joinsAwait: {
    fields: { queue: "[]", inflight: "null" },
    methods: `record(x){ this.queue.push(x); } async flush(){ if (this.inflight) return this.inflight; this.inflight = this.doFlush(); try { await this.inflight; } finally { this.inflight = null; } } async doFlush(){ const batch = this.queue.splice(0); await post(batch); }`,
  },
  unsent: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const batch = this.queue; this.queue = []; post(batch).catch((e) => console.error(e)); }`,
  },
  unsentHelper: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.deliver(); } async deliver(){ const batch = this.queue.splice(0); await post(batch); } async flush(){ this.deliver(); }`,
  },
  unsentClose: {
    fields: { queue: "[]", timer: "setInterval(() => {}, 1000)" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const batch = this.queue.splice(0); if (batch.length) { await post(batch); } } async close(){ clearInterval(this.timer); this.flush(); }`,
  },
  stopped: {
    fields: { queue: "[]", timer: "null" },
    methods: `start(){ this.timer = setInterval(() => this.send(), 1000); } record(x){ this.queue.push(x); } send(){ const batch = this.queue; this.queue = []; post(batch); } close(){ clearInterval(this.timer); }`,
  },
  cbEmpty: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(function(){}); } flush(callback){ if (!this.queue.length) return callback(); const batch = this.queue.splice(0, this.queue.length); postCb(batch, callback); }`,
  },
  cbFlag: {
    fields: { queue: "[]", sending: "false" },
    methods: `record(x){ this.queue.push(x); } flush(cb){ if (this.sending) return cb && cb(); this.sending = true; const batch = this.queue; this.queue = []; postCb(batch, (err) => { this.sending = false; if (cb) cb(err); }); }`,
  },
  cbLost: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } flush(cb){ postCb(this.queue, (err) => { if (!err) this.queue = []; cb(err); }); }`,
  },
  cbEvents: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(() => {}); } flush(cb){ if (this.queue.length === 0) { cb(); return; } const body = JSON.stringify(this.queue); this.queue = []; const req = request({ method: 'POST' }, (res) => { res.on('end', () => cb()); res.resume(); }); req.on('error', cb); req.end(body); }`,
  },
  ctor: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } flush(){ return new Promise((resolve, reject) => { if (!this.queue.length) { resolve(); return; } const batch = this.queue; this.queue = []; postCb(batch, (err) => err ? reject(err) : resolve()); }); }`,
  },
  ctorFlag: {
    fields: { queue: "[]", busy: "false" },
    methods: `record(x){ this.queue.push(x); } flush(){ return new Promise((resolve, reject) => { if (this.busy) return resolve(); this.busy = true; const batch = this.queue.splice(0); postCb(batch, (err) => { this.busy = false; if (err) reject(err); else resolve(); }); }); }`,
  },
  perKey: {
    fields: { groups: "{}" },
    methods: `record(k, x){ if (!this.groups[k]) this.groups[k] = []; this.groups[k].push(x); if (this.groups[k].length > 9) this.flush(k); } async flush(k){ const batch = this.groups[k]; if (!batch || !batch.length) return; delete this.groups[k]; await post(k, batch); }`,
  },
  remaining: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const failed = []; for (const x of this.queue) { try { await post(x); } catch (e) { failed.push(x); } } this.queue = failed; }`,
  },
  sizeBytes: {
    fields: { queue: "[]", bytes: "0" },
    methods: `record(x){ this.queue.push(x); this.bytes += x.length; if (this.bytes > 1000) this.flush(); } async flush(){ if (!this.bytes) return; const batch = this.queue; this.queue = []; this.bytes = 0; await post(batch); }`,
  },
};

/** Clients that do not. */
export const KEEPS: Readonly<Record<string, Shape>> = {
  waits: {
    fields: { queue: "[]", inflight: "null" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ while (this.inflight) await this.inflight; if (!this.queue.length) return; const batch = this.queue; this.queue = []; this.inflight = post(batch); try { await this.inflight; } finally { this.inflight = null; } }`,
  },
  chain: {
    fields: { queue: "[]", last: "Promise.resolve()" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } flush(){ this.last = this.last.then(() => this.drain()); return this.last; } async drain(){ if (!this.queue.length) return; const batch = this.queue; this.queue = []; await post(batch); }`,
  },
  pending: {
    fields: { queue: "[]", pending: "new Set()" },
    methods: `record(x){ this.queue.push(x); if (this.queue.length > 9) this.flush(); } async flush(){ const batch = this.queue; this.queue = []; if (batch.length) { const p = post(batch); this.pending.add(p); p.finally(() => this.pending.delete(p)); } await Promise.all(this.pending); }`,
  },
  sent: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } async flush(){ const batch = this.queue.slice(); await post(batch); this.queue = this.queue.filter((x) => !batch.includes(x)); }`,
  },
  loops: {
    fields: { queue: "[]", inflight: "null" },
    methods: `record(x){ this.queue.push(x); } flush(){ if (!this.inflight) this.inflight = this.run().finally(() => { this.inflight = null; }); return this.inflight; } async run(){ while (this.queue.length) { const batch = this.queue.splice(0, 10); await post(batch); } }`,
  },
  restore: {
    fields: { queue: "[]" },
    methods: `record(x){ this.queue.push(x); } flushSync(){ const batch = this.queue; this.queue = []; postSync(batch); }`,
  },
  again: {
    fields: { queue: "[]", busy: "false", again: "false" },
    methods: `record(x){ this.queue.push(x); this.flush(); } flush(){ if (this.busy) { this.again = true; return; } this.busy = true; const batch = this.queue; this.queue = []; postCb(batch, () => { this.busy = false; if (this.again) { this.again = false; this.flush(); } }); }`,
  },
  cache: {
    fields: { cache: "new Map()" },
    methods: `get(k){ if (this.cache.has(k)) return this.cache.get(k); const v = compute(k); this.cache.set(k, v); return v; } async refresh(){ const keys = await list(); this.cache = new Map(); return keys; }`,
  },
};

interface Method {
  /** `async ` or nothing. */
  prefix: string;
  name: string;
  parameters: string;
  body: string;
  text: string;
}

function methodsOf({ methods: text }: Shape): Method[] {
  const found: Method[] = [];
  const head = /(async )?(\w+)\(([^()]*)\)\{/y;
  for (let at = 0; at < text.length; ) {
    while (text[at] === " ") at++;
    head.lastIndex = at;
    const [, prefix = "", name = "", parameters = ""] = head.exec(text) ?? [];
    const from = head.lastIndex;
    let end = from;
    for (let depth = 1; depth > 0; end++) depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
    found.push({ prefix, name, parameters, body: text.slice(from, end - 1), text: text.slice(at, end) });
    at = end;
  }
  return found;
}

const fieldsOf = ({ fields }: Shape, write: (name: string, value: string) => string): string =>
  Object.entries(fields)
    .map(([name, value]) => write(name, value))
    .join(" ");

const made = (shape: Shape): string => fieldsOf(shape, (name, value) => `this.${name} = ${value};`);
const free = (text: string): string => text.replaceAll("this.", "");

const FILLS = /^(?:record|start)$/;

/** Ways to write the same client down. */
export const STYLES: Readonly<Record<string, (shape: Shape) => string>> = {
  class: (shape) => `export class Client { constructor() { ${made(shape)} } ${shape.methods} }`,
  fields: (shape) =>
    `export class Client { ${fieldsOf(shape, (name, value) => `${name} = ${value};`)} ${shape.methods} }`,
  "private fields": (shape) => {
    const names = Object.keys(shape.fields);
    const methods = names.reduce((text, name) => text.replaceAll(`this.${name}`, `this.#${name}`), shape.methods);
    return `export class Client { ${fieldsOf(shape, (name, value) => `#${name} = ${value};`)} ${methods} }`;
  },
  "arrow functions": (shape) => {
    const methods = methodsOf(shape).map(
      ({ prefix, name, parameters, body }) => `${name} = ${prefix}(${parameters}) => { ${body} };`,
    );
    return `export class Client { ${fieldsOf(shape, (name, value) => `${name} = ${value};`)} ${methods.join(" ")} }`;
  },
  prototype: (shape) => {
    const methods = methodsOf(shape).map(
      ({ prefix, name, parameters, body }) =>
        `Client.prototype.${name} = ${prefix}function (${parameters}) { ${body} };`,
    );
    return `function Client() { ${made(shape)} } ${methods.join("\n")} module.exports = Client;`;
  },
  self: (shape) => {
    const methods = methodsOf(shape).map(
      ({ prefix, name, parameters, body }) =>
        `Client.prototype.${name} = ${prefix}function (${parameters}) { const self = this; ${body.replaceAll("this.", "self.")} };`,
    );
    return `function Client() { ${made(shape)} } ${methods.join("\n")} module.exports = Client;`;
  },
  closure: (shape) => {
    const methods = methodsOf(shape);
    const written = methods.map(
      ({ prefix, name, parameters, body }) => `${prefix}function ${name}(${parameters}) { ${free(body)} }`,
    );
    return `export function createClient() { ${fieldsOf(shape, (name, value) => `let ${name} = ${value};`)} ${written.join("\n")} return { ${methods.map(({ name }) => name).join(", ")} }; }`;
  },
  module: (shape) => {
    const written = methodsOf(shape).map(
      ({ prefix, name, parameters, body }) => `export ${prefix}function ${name}(${parameters}) { ${free(body)} }`,
    );
    return `${fieldsOf(shape, (name, value) => `let ${name} = ${value};`)} ${written.join("\n")}`;
  },
  CommonJS: (shape) => {
    const methods = methodsOf(shape);
    const written = methods.map(
      ({ prefix, name, parameters, body }) => `const ${name} = ${prefix}(${parameters}) => { ${free(body)} };`,
    );
    return `${fieldsOf(shape, (name, value) => `let ${name} = ${value};`)} ${written.join("\n")} module.exports = { ${methods.map(({ name }) => name).join(", ")} };`;
  },
  object: (shape) => {
    const methods = methodsOf(shape).map(
      ({ prefix, name, parameters, body }) => `${prefix}${name}(${parameters}) { ${body} }`,
    );
    return `export const client = { ${fieldsOf(shape, (name, value) => `${name}: ${value},`)} ${methods.join(",\n")} };`;
  },
  inherited: (shape) => {
    const methods = methodsOf(shape);
    const texts = (isBase: boolean): string =>
      methods.flatMap(({ name, text }) => (FILLS.test(name) === isBase ? [text] : [])).join(" ");
    return `class Base { constructor() { ${made(shape)} } ${texts(true)} } export class Client extends Base { ${texts(false)} }`;
  },
};
