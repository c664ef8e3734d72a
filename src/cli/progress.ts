import type { WriteStream } from "node:tty";

/** One line that is written over as the work goes on; nothing where no one watches. */
export function progressOn(stream: WriteStream): { show(line: string): void; clear(): void } {
  const put = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, stream.columns - 1)}`);
  };
  return { show: put, clear: () => put("") };
}
