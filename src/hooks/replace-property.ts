/**
 * Gives an existing property another value, also where it is a getter, as compilers make for exports.
 * @returns false when the property is missing, frozen or a getter that cannot be redefined
 */
export function replaceProperty(holder: unknown, name: string, value: unknown): boolean {
  if (holder === null || (typeof holder !== "object" && typeof holder !== "function") || !(name in holder))
    return false;
  const own = Object.getOwnPropertyDescriptor(holder, name);
  const plain = own !== undefined && "value" in own;
  return Reflect.defineProperty(holder, name, {
    value,
    enumerable: own?.enumerable ?? true,
    ...(plain ? {} : { writable: true, configurable: true }),
  });
}
