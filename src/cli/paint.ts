import type { WriteStream } from "node:tty";

export type Style = "dim" | "red" | "green";

/** Puts text into a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const CODES: Record<Style, [number, number]> = { dim: [2, 22], red: [31, 39], green: [32, 39] };

export const plain: Paint = (_style, text) => text;

/** How text is laid out and painted on a stream. */
export interface Layout {
  /** Columns. Infinite where nothing is to be wrapped. */
  width: number;
  paint: Paint;
}

const WIDEST = 120;

/** Lines are wrapped for a terminal, and left whole for a program. */
export function layoutFor(stream: WriteStream): Layout {
  const width = stream.isTTY ? Math.min(stream.columns || WIDEST, WIDEST) : Number.POSITIVE_INFINITY;
  return { width, paint: paintFor(stream) };
}

function hasColours(stream: WriteStream): boolean {
  const { FORCE_COLOR: forced } = process.env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY && stream.hasColors();
}

/** Colours for a terminal that has them and a user who has not said NO_COLOR, and where FORCE_COLOR asks for them. */
export function paintFor(stream: WriteStream): Paint {
  if (!hasColours(stream)) return plain;
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;
}
