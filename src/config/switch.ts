/**
 * Whether the value of FLUSHGUARD takes the guard away: 0, false, no or off, in any case.
 * The one file that is loaded when it does.
 */
export function isOff(value: string | undefined): boolean {
  return value !== undefined && /^\s*(?:0|false|no|off)\s*$/i.test(value);
}
