/** Whether the value of FLUSHGUARD takes the guard away: 0, false, no or off, in any case. */
export function isOff(value: string | undefined): boolean {
  return value !== undefined && /^\s*(?:0|false|no|off)\s*$/i.test(value);
}
