import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ledger } from "./ledger.js";
import type { LoadClient, Outcome, Proof } from "./proof.js";

interface Winston {
  createLogger(options: { transports: object[] }): NodeJS.EventEmitter & { info(line: string): void; end(): void };
}

type DailyRotateFile = new (options: { dirname: string; filename: string }) => object;

const LINES = 1000;

/** Ends a logger, waits for its 'finish', and reads the file. */
async function ended(load: LoadClient): Promise<Outcome> {
  const dirname = mkdtempSync(join(tmpdir(), "flushguard-proof-"));
  const Transport = load.require("winston-daily-rotate-file") as DailyRotateFile;
  const transport = new Transport({ dirname, filename: "app.log" });
  const logger = (load.require("winston") as Winston).createLogger({ transports: [transport] });
  const files = (): string[] => readdirSync(dirname).filter((name) => name.startsWith("app.log"));
  const lines = new Ledger(
    () => files().flatMap((name) => readFileSync(join(dirname, name), "utf8").match(/.+/g) ?? []),
    (line) => [(JSON.parse(line) as { message: string }).message],
  );
  try {
    while (lines.size < LINES) logger.info(lines.add(`line ${lines.size}`));
    logger.end();
    await once(logger, "finish");
    return lines.count();
  } finally {
    rmSync(dirname, { recursive: true });
  }
}

/** Proves that a logger of winston has 'finish' when its lines are in the file. */
export const proof: Proof = {
  module: "winston-daily-rotate-file",
  beside: ["winston"],
  scenarios: [{ name: "logger.end(), then 'finish'", hazard: "close", run: ended }],
};
