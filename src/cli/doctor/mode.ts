import { isOff } from "../../config/switch.js";

export type Mode = "on" | "observe" | "off";

/** What a value of FLUSHGUARD asks for. */
export function modeOf(value: string | undefined): Mode {
  if (isOff(value)) return "off";
  return value?.trim().toLowerCase() === "observe" ? "observe" : "on";
}
