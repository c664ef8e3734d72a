import { parse as acornParse, type Options, type Program } from "acorn";

const OPTIONS = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowImportExportEverywhere: true,
} as const satisfies Partial<Options>;

/**
 * Parses a file as a module, and as a script where it is not one.
 * @throws {SyntaxError} where it is neither
 */
export function parse(source: string): Program {
  try {
    return acornParse(source, { ...OPTIONS, sourceType: "module", allowAwaitOutsideFunction: true });
  } catch (error) {
    try {
      return acornParse(source, { ...OPTIONS, sourceType: "script" });
    } catch {
      throw error;
    }
  }
}
