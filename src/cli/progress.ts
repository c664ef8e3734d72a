import type { WriteStream } from "node:tty";
import type { OnRun } from "./measure.js";

/** One line that is written over as the runs go on; nothing where no one watches. */
export function progressOn(stream: WriteStream): { show: OnRun; clear(): void } {
  const put = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, stream.columns - 1)}`);
  };
  return {
    show: ({ done, of, module, scenario, guarded }) =>
      put(`${done}/${of}  ${module}: ${scenario} (${guarded ? "guarded" : "unguarded"})`),
    clear: () => put(""),
  };
}
