/** A kind of typed array. */
interface Kind<Column> {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): Column;
}

/**
 * Numbers that a reader keeps from one scrape to the next, each 0. No other thread sees them. Their memory is of the shared
 * kind because V8 takes much new memory of the other for a reason to collect all garbage in one piece, which stops the app
 * for longer than reading does, and finds nothing: these are kept.
 * https://github.com/nodejs/node/blob/v20.20.0/deps/v8/src/objects/backing-store.h, `PerIsolateAccountingLength`
 */
export function column<Column>(kind: Kind<Column>, length: number): Column {
  return new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
}

/** The same, of bytes. */
export function memory(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes));
}
