const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/**
 * CRC-32, as zlib has it: a call of that costs more than the fifty bytes of a record, and a start has to load it.
 * @param before that of the bytes before, if any
 */
export function crc32(bytes: Uint8Array, from: number, to: number, before = 0): number {
  let rest = ~before;
  for (let at = from; at < to; at++) rest = (rest >>> 8) ^ (TABLE[(rest ^ (bytes[at] as number)) & 0xff] as number);
  return ~rest >>> 0;
}
