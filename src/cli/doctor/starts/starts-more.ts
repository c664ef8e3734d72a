import { fileNamed } from "./app-files.js";

const PROGRAM =
  /\b(?:spawn|exec|execFile|execa)(?:Sync)?\s*\(\s*(?:process\.execPath|["'`](?:node|npm|npx|pnpm|yarn|tsx)\b)/;
/** Options in place of those that a child or a worker would have from its parent. */
const OPTIONS = /\bexecArgv\s*:\s*\[(?!\s*\.\.\.)/;
const HANDS_ON = /\bprocess\.execArgv\b|flushguard/;

/** Whether a script starts Node without the options that its own Node is given. */
export function startsMore(script: string, directory: string): boolean {
  const code = fileNamed(`./${script}`, directory)?.content ?? "";
  return (PROGRAM.test(code) || OPTIONS.test(code)) && !HANDS_ON.test(code);
}
