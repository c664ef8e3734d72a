import type { WriteStream } from "node:tty";

export type Style = "dim" | "red" | "green";

/** Puts text into a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const CODES: Record<Style, [number, number]> = { dim: [2, 22], red: [31, 39], green: [32, 39] };

export const plain: Paint = (_style, text) => text;

/** How text is laid out and painted on a stream. */
export interface Layout {
  /** Columns. */
  width: number;
  paint: Paint;
}

const WIDEST = 120;

export function layoutFor(stream: WriteStream): Layout {
  return { width: Math.min(stream.columns || WIDEST, WIDEST), paint: paintFor(stream) };
}

/** Colours for a terminal that has them and a user who has not said NO_COLOR. */
export function paintFor(stream: WriteStream): Paint {
  if (!stream.isTTY || !stream.hasColors()) return plain;
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;
}
