/** What is used of `node:sqlite`, which is not there before Node 22.13. */
interface Sqlite {
  DatabaseSync: new (path: string) => Database;
}

interface Database {
  exec(sql: string): void;
  close(): void;
}

const SQLITE_BUSY = 5;

let sqlite: Sqlite | undefined | null;

/**
 * Node 22 warns whenever it is loaded (https://github.com/nodejs/node/issues/58611). It is loaded at once, so no warning of
 * anybody else is lost meanwhile.
 */
function load(): Sqlite | undefined {
  const { emitWarning } = process;
  try {
    if (!Reflect.set(process, "emitWarning", () => {})) return undefined;
    return process.getBuiltinModule("node:sqlite") as Sqlite | undefined;
  } catch {
    return undefined;
  } finally {
    Reflect.set(process, "emitWarning", emitWarning);
  }
}

/**
 * Locks a database, which stays empty. Nobody may open its file otherwise: the kernel releases the lock when the process
 * closes any descriptor of it (https://www.sqlite.org/howtocorrupt.html, 2.2).
 * @returns "held" where another thread or process has it; undefined where there is no SQLite, or none that can open the file
 */
export function lockDatabase(path: string): { unlock(): void } | "held" | undefined {
  if (sqlite === undefined) sqlite = load() ?? null;
  if (sqlite === null) return undefined;
  let database: Database | undefined;
  try {
    database = new sqlite.DatabaseSync(path);
    // A journal on the disk would be one more file in the directory.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
  } catch (error) {
    database?.close();
    return (error as { errcode?: number }).errcode === SQLITE_BUSY ? "held" : undefined;
  }
  const opened = database;
  return { unlock: () => opened.close() };
}
