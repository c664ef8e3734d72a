import type { WriteStream } from "node:tty";
import type { OnRun } from "./measure.js";

/** One line that is written over as things go on; nothing where no one watches. */
export function lineOn(stream: WriteStream): { show(text: string): void; clear(): void } {
  const show = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, stream.columns - 1)}`);
  };
  return { show, clear: () => show("") };
}

/** The run that is under way. */
export function progressOn(stream: WriteStream): { show: OnRun; clear(): void } {
  const line = lineOn(stream);
  return {
    show: ({ done, of, module, scenario, guarded }) =>
      line.show(`${done}/${of}  ${module}: ${scenario} (${guarded ? "guarded" : "unguarded"})`),
    clear: line.clear,
  };
}
