/** @typedef {(file: Buffer, random: () => number, other: Buffer) => Buffer} Damage */

/** @param {number} bytes @param {() => number} random */
const place = (bytes, random, step = 1) => Math.floor((random() * bytes) / step) * step;

/** @param {number} bytes @param {() => number} random */
const noise = (bytes, random) => Buffer.from(Array.from({ length: bytes }, () => place(256, random)));

/** What may happen to a file: bytes change, it is cut short, it goes on as another, something comes between. */
const DAMAGES = /** @type {readonly Damage[]} */ ([
  (file, random) => {
    for (let i = 1 + place(4, random); i > 0; i--) file[place(file.length, random)] = place(256, random);
    return file;
  },
  (file, random) => {
    file.writeUInt32LE(random() < 0.5 ? 0xffffffff : 0, place(file.length - 4, random, 4));
    return file;
  },
  (file, random) => file.subarray(0, place(file.length, random)),
  (file, random, other) => {
    const at = place(file.length, random, random() < 0.5 ? 16 : 1);
    return Buffer.concat([file.subarray(0, at), other.subarray(at)]);
  },
  (file, random) => {
    const at = place(file.length, random, 16);
    return Buffer.concat([file.subarray(0, at), noise(16, random), file.subarray(at)]);
  },
  (file, random) => noise(place(file.length, random), random),
]);

/**
 * A damaged copy of one of the files.
 * @param {readonly Buffer[]} files
 * @param {() => number} random
 */
export function damaged(files, random) {
  const pick = () => Buffer.from(files[place(files.length, random)] ?? "");
  const damage = /** @type {Damage} */ (DAMAGES[place(DAMAGES.length, random)]);
  return damage(pick(), random, pick());
}
