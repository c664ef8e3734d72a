/** A call of a method that flushes or closes, as it was made on the outside of the client. */
export interface Call {
  method: string;
  from: number;
  /** Absent: it has not settled. */
  to?: number;
  failed?: true;
}

/** A request, packet or document as the sink has seen it. */
export interface Send {
  from: number;
  /** When it was answered. Absent: it never was. */
  to?: number;
  /** Status of the answer, where the protocol has one. */
  status?: number;
  /** What the scenario reads identities from. */
  items: readonly unknown[];
}

export interface BufferEvent {
  at: number;
  what: "read" | "cleared";
}

/** Notes what happens while a scenario runs. Times are milliseconds of `performance.now()`. */
export class Recorder {
  readonly records: { id: string; at: number }[] = [];
  readonly calls: Call[] = [];
  readonly sends: Send[] = [];
  /** When a flush read the client's buffer, and when it emptied it, where that can be seen. */
  readonly buffer: BufferEvent[] = [];
  /** When the scenario last counted what had arrived, and what that was. */
  counted: { at: number; arrived: readonly string[] } | undefined;
  #idsIn: (item: unknown) => readonly string[] = () => [];

  record(id: string): void {
    this.records.push({ id, at: performance.now() });
  }

  count(arrived: readonly string[]): void {
    this.counted = { at: performance.now(), arrived };
  }

  readItemsWith(idsIn: (item: unknown) => readonly string[]): void {
    this.#idsIn = idsIn;
  }

  idsOf({ items }: Send): readonly string[] {
    return items.flatMap((item) => {
      try {
        return this.#idsIn(item);
      } catch {
        return []; // Not one of those that carry values.
      }
    });
  }
}

let current: Recorder | undefined;

/** The recorder of this process; undefined unless a report is asked for. */
export function recorder(): Recorder | undefined {
  return current;
}

export function startRecorder(): Recorder {
  current = new Recorder();
  return current;
}

/** Notes that something begins to arrive at a sink, which fills in the rest. */
export function noteSend(): Send {
  const send: Send = { from: performance.now(), items: [] };
  current?.sends.push(send);
  return send;
}

/** Notes something that arrives at a sink in one piece. */
export function notePacket(items: readonly unknown[]): void {
  const send = noteSend();
  send.items = items;
  send.to = send.from;
}
