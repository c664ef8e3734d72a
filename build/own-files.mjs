import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import MagicString from "magic-string";
import { chunkFile, chunkName, fromChunks, isOurs, sourceOf } from "./layout.mjs";

/** Begins the name of a module made here: all files of a folder, by name, each evaluated when it is asked for. */
const ALL = "all-of:";
/** Of those the ones from a letter on, all evaluated at once, which for files that only declare takes less than a function around each. */
const FROM = "?from=";
/** The first letters of the chunks that they are in: an app reads those of its clients. */
const LETTERS = ["a", "g", "m", "s"];

/** What declares a client says why in comments, some longer than it: an app that has the client reads all of them. Of the scan, of `doctor` and of several processes, they are an eighth. */
const WITHOUT_COMMENTS = /[\\/]src[\\/](?:cli[\\/]doctor|multiprocess|scan|targets)[\\/]/;
const COMMENT = /^ *(?:\/\*\*[\s\S]*?\*\/|\/\/ .*)\n/gm;

const CREATE_REQUIRE = /^const require = createRequire\(import\.meta\.url\);$/m;
const AT_ONCE = /^const .* = require\("([^"]+)"\)/gm;
const ONE_OF = /\b(require|import)\(`\.\/\$\{([^`]+)\}\.js`\)/g;
const FILE_URL = /\bnew URL\((["`])(\.\.?\/[^"`]+)\1, import\.meta\.url\)/g;

/**
 * The two ways in which our sources name files of their own that are not loaded with them, each of which becomes a chunk:
 * `require("./x.js")`, for what is loaded later in this process, and `new URL("./x.js", import.meta.url)`, for what another
 * process or thread runs. A template in `require` or `import` stands for all the files beside that are named like a target:
 * in a few chunks by their first letters, or in one.
 * @param {readonly string[]} targetFiles those names
 * @param {(id: string) => boolean} isNew whether to make the chunk that a source is the entry of
 * @param {boolean} inside whether what would be a chunk is in the one file instead
 * @returns {import("rolldown").Plugin}
 */
export function ownFiles(targetFiles, isNew, inside = false) {
  /** What a source requires as it is evaluated, which is loaded with it. */
  const atOnce = new Set();
  const key = (/** @type {string} */ importer, /** @type {string} */ specifier) => `${importer} ${specifier}`;
  return {
    name: "own-files",
    resolveId: {
      order: "pre",
      async handler(specifier, importer, { kind }) {
        if (specifier.startsWith(ALL) && kind !== "require-call") return `\0${specifier}`;
        if (kind !== "require-call" || !isOurs(importer) || atOnce.has(key(importer, specifier))) return undefined;
        const source = sourceOf(specifier, importer);
        const id = source ?? (specifier.startsWith(ALL) ? specifier : await packageFile(this, specifier, importer));
        if (id === undefined) return undefined;
        if (inside) return source ?? (id === specifier ? `\0${id}` : id);
        const name = source !== undefined ? chunkName(source) : id === specifier ? nameOfAll(id) : specifier;
        if (isNew(id)) this.emitFile({ type: "chunk", id, name });
        return { id: `./${chunkFile(name)}`, external: true };
      },
    },
    load(id) {
      if (!id.startsWith(`\0${ALL}`)) return undefined;
      const [folder = "", letter] = id.slice(ALL.length + 1).split(FROM);
      const names = namesIn(folder, targetFiles);
      return letter === undefined
        ? allOf(folder, names)
        : flat(
            folder,
            names.filter((name) => letterOf(name) === letter),
          );
    },
    transform: {
      filter: { id: /[\\/]src[\\/].*\.ts$/ },
      handler(code, id) {
        if (!isOurs(id)) return undefined;
        for (const [, specifier = ""] of code.matchAll(AT_ONCE)) atOnce.add(key(id, specifier));
        const edited = new MagicString(code);
        // The chunks are CommonJS and have a `require` of their own, which the bundler can follow.
        edited.replace(CREATE_REQUIRE, "");
        if (WITHOUT_COMMENTS.test(id)) edited.replace(COMMENT, "");
        edited.replace(ONE_OF, (_, load, name) => {
          const made = (more = "") => `${load}(${JSON.stringify(ALL + dirname(id) + more)})`;
          if (load === "import") return `${made()}.then(({ all }) => all[${name}])`;
          return `(${inside ? made() : byLetter(name, (letter) => made(FROM + letter))}).all[${name}]`;
        });
        edited.replace(FILE_URL, (_, quote, url) => {
          const source = sourceOf(url, id);
          if (source !== undefined && isNew(source)) {
            this.emitFile({ type: "chunk", id: source, name: chunkName(source) });
          }
          const seen = source === undefined ? fromChunks(url, id) : `./${chunkFile(chunkName(source))}`;
          return `new URL(${quote}${seen}${quote}, import.meta.url)`;
        });
        if (!edited.hasChanged()) return undefined;
        return { code: edited.toString(), map: edited.generateMap({ hires: true, source: id }) };
      },
    },
  };
}

/** @returns a file of a package that is bundled, undefined for one that is installed or comes with Node */
async function packageFile(
  /** @type {import("rolldown").PluginContext} */ context,
  /** @type {string} */ specifier,
  /** @type {string} */ importer,
) {
  const resolved = await context.resolve(specifier, importer, { skipSelf: true, kind: "require-call" });
  return resolved === null || resolved.external ? undefined : resolved.id;
}

function nameOfAll(/** @type {string} */ id) {
  const [folder = "", letter] = id.slice(ALL.length).split(FROM);
  return chunkName(join(folder, `from-${letter}.ts`));
}

function letterOf(/** @type {string} */ name) {
  return LETTERS.findLast((letter) => letter <= name) ?? "a";
}

/**
 * Source of what chooses by the first letter.
 * @param {string} name source of a name
 * @param {(letter: string) => string} chosen source of what is chosen
 */
function byLetter(name, chosen) {
  const choices = LETTERS.map((letter, at) => {
    const next = LETTERS[at + 1];
    return next === undefined ? chosen(letter) : `${name} < "${next}" ? ${chosen(letter)} : `;
  });
  return choices.join("");
}

function namesIn(/** @type {string} */ folder, /** @type {readonly string[]} */ wanted) {
  return readdirSync(folder)
    .flatMap((file) => (file.endsWith(".ts") ? [basename(file, ".ts")] : []))
    .filter((name) => wanted.includes(name));
}

function flat(/** @type {string} */ folder, /** @type {readonly string[]} */ names) {
  const files = names.map((name, index) => ({
    name,
    path: join(folder, `${name}.ts`),
    all: `all${index}`,
  }));
  const imports = files.map(({ path, all }) => `import * as ${all} from ${JSON.stringify(path)};`);
  const entries = files.map(({ name, path, all }) => {
    const exported = [...readFileSync(path, "utf8").matchAll(/^export const (\w+)/gm)].map(
      ([, each]) => `${each}: ${all}.${each}`,
    );
    return `${JSON.stringify(name)}: { ${exported.join(", ")} },`;
  });
  return `${imports.join("\n")}\nexport const all = {\n${entries.join("\n")}\n};\n`;
}

function allOf(/** @type {string} */ folder, /** @type {readonly string[]} */ names) {
  const getters = names.map(
    (name) => `get ${JSON.stringify(name)}() { return require(${JSON.stringify(join(folder, `${name}.ts`))}); },`,
  );
  return `exports.all = {\n${getters.join("\n")}\n};\n`;
}
