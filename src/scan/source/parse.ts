import { type Options, Parser, type Program } from "acorn";
import { restore } from "./restore.js";

const OPTIONS = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowImportExportEverywhere: true,
} as const satisfies Partial<Options>;

/** What acorn checks beyond the grammar: names declared twice, assignments to what is none, patterns of regular expressions. */
const CHECKS = [
  "declareName",
  "checkLocalExport",
  "checkLValSimple",
  "checkLValPattern",
  "checkLValInnerPattern",
  "checkParams",
  "checkUnreserved",
  "checkPropClash",
  "checkExport",
  "checkPatternExport",
  "validateRegExpFlags",
  "validateRegExpPattern",
];

/** Takes for granted that names are declared once, and the like: a fifth of the time goes into that. */
class Trusting extends Parser {}
for (const check of CHECKS) if (check in Parser.prototype) Object.assign(Trusting.prototype, { [check]() {} });

/**
 * Parses a file as a module, and as a script where it is not one.
 * @throws {SyntaxError} where it is neither
 */
export function parse(source: string): Program {
  const program = parsed(source);
  restore(program, source);
  return program;
}

function parsed(source: string): Program {
  try {
    return Trusting.parse(source, { ...OPTIONS, sourceType: "module", allowAwaitOutsideFunction: true });
  } catch (error) {
    try {
      return Trusting.parse(source, { ...OPTIONS, sourceType: "script" });
    } catch {
      throw error;
    }
  }
}
