import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { loadConfig } from "../../dist/src/config/index.js";
import { directoryWith } from "../config/helpers.js";
import { snippets } from "./snippets.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const all = snippets();
const of = (...languages: string[]) => all.filter(({ language }) => languages.includes(language));

/** What a snippet takes for granted: the app's own class, and packages that are nobody's. */
const AROUND = `
declare class Metrics {
  constructor(port: number);
  count(): void;
  flush(): Promise<void>;
  bucket: Record<string, number>;
}
declare function build(options: object): Promise<unknown>;
declare const app: {
  get(path: string, answer: (request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void): void;
};
`;
const MODULES = `
declare module "some-client" {
  export class Metrics { constructor(port: number); count(): void; flush(): Promise<void>; }
}
`;

const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  exports: Record<string, { types?: string; import?: { types?: string } }>;
};
/** What a user imports, and where its types are. */
const PATHS = Object.fromEntries(
  Object.entries(exports).flatMap(([name, { import: imported, types = imported?.types }]) =>
    types === undefined ? [] : [[name.replace(/^\./, "flushguard"), [join(ROOT, types)]]],
  ),
);

test("there are snippets", () => {
  expect(all.length).toBeGreaterThan(10);
  expect(of("js", "ts").length).toBeGreaterThan(4);
});

test("strict TypeScript compiles every snippet", () => {
  const folder = directoryWith({ "modules.d.ts": MODULES, "package.json": '{ "type": "module" }' });
  mkdirSync(join(folder, "src", "proofs"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  const places = new Map<string, string>();
  // Those of CONTRIBUTING.md are files of this repository, and are compiled there.
  for (const [index, { place, language, code }] of of("js", "ts").entries()) {
    if (place.startsWith("CONTRIBUTING.md") || place.startsWith("docs/fix-upstream.md")) continue;
    const file = `${index}.ts`;
    places.set(file, place);
    const isolated = /^(?:import|export)\b/m.test(code) ? "" : "export {};\n";
    writeFileSync(
      join(folder, file),
      `${isolated}${/\bclass Metrics\b|import .*\bMetrics\b/.test(code) ? "" : AROUND}${code}`,
    );
    expect(language).toMatch(/^(?:js|ts)$/);
  }
  const options = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2024",
      skipLibCheck: true,
      types: ["node"],
      paths: PATHS,
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  let said = "";
  try {
    execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  } catch (error) {
    said = (error as { stdout: string }).stdout.replace(/^(\d+\.ts)/gm, (file) => places.get(file) ?? file);
  }
  expect(said).toBe("");
});

test("every configuration is one that is right", () => {
  const configs = of("json").filter(({ code }) => code.includes('"targets"'));
  expect(configs.length).toBeGreaterThan(0);
  for (const { code, place } of of("json")) expect(() => JSON.parse(code), place).not.toThrow();
  for (const { code, place } of configs) {
    const { problems, userTargets } = loadConfig({}, directoryWith({ "flushguard.config.json": code }));
    expect(problems, place).toEqual([]);
    expect(userTargets.length, place).toBeGreaterThan(0);
  }
});

test("every piece of YAML is YAML", () => {
  for (const { code, place } of of("yaml")) {
    for (const document of parseAllDocuments(code)) {
      expect("errors" in document ? document.errors : [], place).toEqual([]);
    }
  }
});
