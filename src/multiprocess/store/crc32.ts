// The entry of each bit of a byte, and their sums: going over all bits of all bytes is enough for V8 to compile it, and takes a
// process that has just started a millisecond.
const TABLE = new Int32Array(256);
for (let bit = 0x80, rest = 1; bit > 0; bit >>= 1) {
  rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  for (let others = 0; others < 256; others += 2 * bit) TABLE[bit + others] = rest ^ (TABLE[others] as number);
}

/**
 * CRC-32, as zlib has it: a call of that costs more than the fifty bytes of a record, and a start has to load it.
 * @param before that of the bytes before, if any
 */
export function crc32(bytes: Uint8Array, from: number, to: number, before = 0): number {
  let rest = ~before;
  for (let at = from; at < to; at++) rest = (rest >>> 8) ^ (TABLE[(rest ^ (bytes[at] as number)) & 0xff] as number);
  return ~rest >>> 0;
}
