import { createRequire, Module } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isAnyInstalled } from "../packages/installed.js";
import { readAhead } from "../read-ahead.js";
import { report } from "./commonjs.js";
import type { EsmHooks } from "./esm-hooks.js";
import { beforeFirstImport, isFirstEsModuleTold, mayBeEsModule } from "./first-es-module.js";
import { startOptions } from "./preload-options.js";
import { RECEIVERS, type Receiver } from "./receivers.js";
import { hookedFileAt, reportModule } from "./report.js";
import type { RequiredEsModules } from "./required-es-modules.js";
import { nameIn } from "./url.js";
import type { HookedModule, Watch } from "./watch.js";

const require = createRequire(import.meta.url);

type Load = <Result extends object>(
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => Result,
) => Result;

/** Since Node 22.15, newer than the types of the oldest Node we run on. */
const { registerHooks } = Module as { registerHooks?: (hooks: { load: Load }) => { deregister(): void } };

/**
 * Whether a synchronous `load` hook leaves `require()` of an ES module alone. Before the fix it failed with ERR_VM_MODULE_LINK_FAILURE,
 * which no feature tells: https://github.com/nodejs/node/pull/59929, in 22.22.3, 24.11.1, 25.1.0 and 26.
 */
export function synchronousHooksWork(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 3);
  if (major === 24) return minor > 11 || (minor === 11 && patch >= 1);
  if (major === 25) return minor >= 1;
  return major >= 26;
}

const UNHOOKED =
  "ES modules are not guarded. Under the permission model start with --allow-worker; beside a --loader that hands out the sources of " +
  "CommonJS, run a Node that has module.registerHooks(): 22.22.3, 24.11.1 or newer";

/** What makes footers, which only the files of hooked packages need. */
function footerAhead(): () => typeof import("./footer.js") {
  const load = () => require("./footer.js") as typeof import("./footer.js");
  return readAhead(new URL("./footer.js", import.meta.url), require, load);
}

/** What tells of the clients that a required ES module imports. */
function requiredAhead(watch: Watch): () => RequiredEsModules {
  const load = () => require("./required-es-modules.js") as typeof import("./required-es-modules.js");
  const file = readAhead(new URL("./required-es-modules.js", import.meta.url), require, load);
  let required: RequiredEsModules | undefined;
  return () => {
    required ??= new (file().RequiredEsModules)(watch);
    return required;
  };
}

export class EsModuleHooks {
  mode: EsmHooks = "none";
  readonly #watch: Watch;
  #deregister: (() => void) | undefined;
  /** Puts the hooks in, where they wait for the app's first ES module. */
  #hookNow: (() => void) | undefined;
  /** Packages that were not found, each time they were looked for. */
  #missing: readonly HookedModule[] = [];
  readonly #lookedFrom = new Set<string>();
  #required: (() => RequiredEsModules) | undefined;
  #footer: ReturnType<typeof footerAhead> | undefined;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  add(modules: readonly HookedModule[]): void {
    if (modules.length === 0) return;
    if (registerHooks && synchronousHooksWork(process.versions.node)) this.#hookHere(registerHooks);
    else this.#hookInLoaderThread(startedWithTypes() ? modules : modules.filter((module) => module.esm));
  }

  /** Looks once more for what was not found, from a folder that the app turns to. */
  lookFrom(folder: string): void {
    if (this.#missing.length === 0 || this.#lookedFrom.has(folder)) return;
    this.#lookedFrom.add(folder);
    this.#hookInLoaderThread(this.#missing, folder);
  }

  unhook(): void {
    this.#missing = [];
    this.#deregister?.();
    this.mode = "none";
  }

  /** Gives what to compile in place of what is about to be, as Node's CommonJS loader does with ES modules that are required. */
  beforeCompile(source: string, filename: string, format: unknown): string {
    if (this.mode === "register" && format === "module") {
      this.#watch.attempt(filename, () => this.#required?.().look(source, filename));
    }
    if (this.#hookNow === undefined || (format === undefined && !mayBeEsModule(source))) return source;
    this.#hookNow();
    if (format !== "module") return source;
    return this.#withFooter({ format, source }, pathToFileURL(filename).href).source;
  }

  #hookHere(register: NonNullable<typeof registerHooks>): void {
    if (this.mode === "registerHooks") return;
    this.mode = "registerHooks";
    const undo = [receive(this.#watch)];
    this.#deregister = () => {
      this.#hookNow = undefined;
      for (const take of undo) take();
    };
    const hook = (): void => {
      this.#footer = footerAhead();
      const hooks = register({ load: (url, context, nextLoad) => this.#withFooter(nextLoad(url, context), url) });
      undo.push(() => hooks.deregister());
    };
    if (!isFirstEsModuleTold()) {
      hook();
      return;
    }
    const hookNow = (): void => {
      this.#hookNow = undefined;
      stop();
      this.#watch.attempt("module.registerHooks", hook);
    };
    const stop = beforeFirstImport(hookNow);
    undo.push(stop);
    this.#hookNow = hookNow;
  }

  #withFooter<Result extends object>(result: Result, url: string): Result {
    const { modules } = this.#watch;
    if (!modules.has(nameIn(url) ?? "")) return result;
    let footed = result;
    this.#watch.attempt(url, () => {
      footed = this.#footer?.().withFooter(result, url, modules) ?? result;
    });
    return footed;
  }

  /** An asynchronous hook doubles the time ES modules take to load, so it needs a package that is there. It cannot be taken back. */
  #hookInLoaderThread(added: readonly HookedModule[], from?: string): void {
    if (added.length === 0) return;
    if (
      !isAnyInstalled(
        added.map(({ name }) => name),
        from,
      )
    ) {
      this.#missing = [...new Set([...this.#missing, ...added])];
      return;
    }
    this.#missing = [];
    // Where this throws, as under the permission model without --allow-worker, CommonJS stays hooked.
    const register = (): void => {
      if (startOptions().some((option) => option.startsWith("--snapshot-blob")))
        throw new Error("Node 20.20 and 22.12 may wait for its thread for ever where a startup snapshot is run");
      this.#deregister ??= receive(this.#watch);
      // Of two loaders, the other is asked first where this one is, and by default for a URL that is no file.
      const parent = pathToFileURL(import.meta.filename);
      Module.register(new URL("./loader-thread.js", import.meta.url), parent, {
        data: [...this.#watch.modules.values()],
      });
      this.#required ??= requiredAhead(this.#watch);
      this.mode = "register";
    };
    this.#watch.attempt("module.register", register, UNHOOKED);
  }
}

/** Whether CommonJS too is out of the reach of the hooks on `require`: what a `.cts` file requires, stripped of its types by Node. */
function startedWithTypes(): boolean {
  return /\.c?ts$/.test(process.argv[1] ?? "") && Boolean((process.features as { typescript?: unknown }).typescript);
}

/** Takes what the footers hand over, and gives the undo. All copies of this package share the set, as a module has one footer. */
function receive(watch: Watch): () => void {
  const key = Symbol.for(RECEIVERS);
  const holder = globalThis as { [key]?: Set<Receiver> };
  const receivers = holder[key] ?? new Set();
  Object.defineProperty(holder, key, { value: receivers, configurable: true });
  const receiver: Receiver = (url, exports, bindings, setExports) =>
    watch.attempt(url, () => {
      const filename = fileURLToPath(url);
      if (setExports !== undefined) return report(watch, filename, exports, setExports);
      const at = hookedFileAt(watch, filename);
      if (at !== undefined) reportModule(watch, at, exports as object, bindings);
    });
  receivers.add(receiver);
  return () => {
    receivers.delete(receiver);
    if (receivers.size === 0) delete holder[key];
  };
}
