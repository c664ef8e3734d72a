/** The far end of a client: each send waits until the test lets it succeed or fail. */
export class Sink {
  readonly delivered: number[] = [];
  readonly waiting: ((succeeds: boolean) => void)[] = [];

  send(ids: readonly number[]): Promise<void> {
    const batch = [...ids];
    return new Promise((resolve, reject) => {
      this.waiting.push((succeeds) => {
        if (!succeeds) return reject(new Error("refused"));
        this.delivered.push(...batch);
        resolve();
      });
    });
  }
}

export class Model {
  buffer: number[] | Record<number, number> = [];

  constructor(readonly sink: Sink) {}

  record(id: number): void {
    this.list.push(id);
  }

  async flush(): Promise<void> {}

  get list(): number[] {
    return this.buffer as number[];
  }

  /** What is still in the buffer. */
  get left(): number[] {
    return Array.isArray(this.buffer) ? this.buffer : Object.keys(this.buffer).map(Number);
  }
}

/** Clients by how they treat their buffer. */
export const models = {
  "replaces its list after the send": class extends Model {
    override async flush() {
      if (this.list.length === 0) return;
      await this.sink.send(this.list);
      this.buffer = [];
    }
  },
  "replaces its counts after the send": class extends Model {
    override buffer: Record<number, number> = {};
    override record(id: number) {
      this.buffer[id] = 1;
    }
    override async flush() {
      if (this.left.length === 0) return;
      await this.sink.send(this.left);
      this.buffer = {};
    }
  },
  "clears its list in place": class extends Model {
    override async flush() {
      if (this.list.length === 0) return;
      await this.sink.send(this.list);
      this.list.length = 0;
    }
  },
  "takes its list out and puts it back after a failure": class extends Model {
    override async flush() {
      const batch = this.list;
      if (batch.length === 0) return;
      this.buffer = [];
      try {
        await this.sink.send(batch);
      } catch (error) {
        this.buffer = [...batch, ...this.list];
        throw error;
      }
    }
  },
  "takes its list out and drops it after a failure": class extends Model {
    override async flush() {
      const batch = this.list.splice(0);
      if (batch.length > 0) await this.sink.send(batch);
    }
  },
  "ignores a flush during a flush": class extends Model {
    flushing = false;
    override async flush() {
      if (this.flushing || this.list.length === 0) return;
      this.flushing = true;
      try {
        await this.sink.send(this.list);
      } finally {
        this.flushing = false;
      }
      this.buffer = [];
    }
  },
  "joins a flush during a flush": class extends Model {
    flushing: Promise<void> | undefined;
    override async flush() {
      if (this.list.length === 0 && this.flushing === undefined) return;
      this.flushing ??= this.send();
      await this.flushing;
    }
    async send() {
      try {
        await this.sink.send(this.list);
        this.buffer = [];
      } finally {
        this.flushing = undefined;
      }
    }
  },
  "sends part by part": class extends Model {
    flushing = false;
    override async flush() {
      if (this.flushing) return;
      this.flushing = true;
      try {
        while (this.list.length > 0) await this.sink.send(this.list.splice(0, 2));
      } finally {
        this.flushing = false;
      }
    }
  },
  "takes its list out once it is connected": class extends Model {
    override async flush() {
      await this.sink.send([]);
      const batch = this.list;
      this.buffer = [];
      await this.sink.send(batch);
    }
  },
} satisfies Record<string, new (sink: Sink) => Model>;
