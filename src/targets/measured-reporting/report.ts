/** A metric of measured-core. */
interface Metric {
  getType?(): string;
  toJSON?(): unknown;
  reset?(): void;
}

interface Counter extends Metric {
  inc(by: number): void;
}

/** What a registry has of a metric. */
export interface Reported {
  metricImpl?: Metric;
}

type Resettable = Required<Metric>;

/** A metric of the client's own, which knows nothing but its fields. */
function isResettable(metric: Metric | undefined): metric is Resettable {
  return metric?.reset !== undefined && metric.toJSON !== undefined && metric.getType?.() === metric.constructor.name;
}

function isCounter(metric: Metric): metric is Counter {
  return metric.getType?.() === "Counter";
}

/** What a metric tells, whatever is put over its own method meanwhile. */
function valueNow(metric: Resettable): unknown {
  const { toJSON = metric.toJSON } = Object.getPrototypeOf(metric) as Metric;
  return toJSON.call(metric);
}

/** A metric in one report. */
class InReport {
  /** When the report began. */
  readonly value: unknown;
  isRead = false;
  #isReset = false;

  constructor(readonly metric: Resettable) {
    this.value = valueNow(metric);
  }

  /** As the client does once the report's function has returned. What was counted since the report began stays. */
  reset(): void {
    const { metric, value } = this;
    const now = valueNow(metric);
    metric.reset();
    this.#isReset = true;
    if (isCounter(metric) && typeof now === "number" && now > Number(value)) metric.inc(now - Number(value));
  }

  /** What the reset has taken off has not arrived. */
  putBack(): void {
    if (this.#isReset && isCounter(this.metric)) this.metric.inc(Number(this.value));
  }
}

/**
 * Tells late readers of a metric what it was when their report began: each report once, the earliest first. One that has read it
 * before its function returned is none of them. What the app has put over the method itself stays.
 */
class Reads {
  /** The report whose function runs. */
  running: InReport | undefined;
  readonly #late: InReport[] = [];

  constructor(private readonly metric: Resettable) {}

  readonly #toJSON = {
    toJSON: (): unknown => {
      if (this.running !== undefined) this.running.isRead = true;
      const late = this.running === undefined ? this.#late.shift() : undefined;
      this.#showOwn();
      return late === undefined ? valueNow(this.metric) : late.value;
    },
  }.toJSON;

  begin(one: InReport): void {
    this.running = one;
    const { metric } = this;
    if (Object.hasOwn(metric, "toJSON") || !Object.isExtensible(metric)) return;
    Object.defineProperty(metric, "toJSON", { value: this.#toJSON, writable: true, configurable: true });
  }

  returned(one: InReport): void {
    this.running = undefined;
    if (!one.isRead) this.#late.push(one);
    this.#showOwn();
  }

  end(one: InReport): void {
    if (this.running === one) this.running = undefined;
    const index = this.#late.indexOf(one);
    if (index !== -1) this.#late.splice(index, 1);
    this.#showOwn();
  }

  #showOwn(): void {
    if (this.running !== undefined || this.#late.length > 0) return;
    if (this.metric.toJSON === this.#toJSON) Reflect.deleteProperty(this.metric, "toJSON");
  }
}

const known = new WeakMap<Metric, Reads>();

function readsOf(metric: Resettable): Reads {
  const reads = known.get(metric) ?? new Reads(metric);
  known.set(metric, reads);
  return reads;
}

/** A report that begins, with what there is to do at its stages. */
export class Report {
  readonly #metrics = new Map<Metric, InReport>();

  /** @param reported the list in which the client finds what to reset once the report's function has returned */
  constructor(private readonly reported: (Reported | undefined)[]) {
    for (const { metricImpl } of reported.filter((one) => one !== undefined)) {
      if (isResettable(metricImpl)) this.#metrics.set(metricImpl, new InReport(metricImpl));
    }
    for (const one of this.#metrics.values()) readsOf(one.metric).begin(one);
  }

  /** Its function has returned. */
  returned(pending: boolean): void {
    for (const one of this.#metrics.values()) {
      const reads = readsOf(one.metric);
      if (pending) reads.returned(one);
      else reads.end(one);
    }
    for (const [index, own] of this.reported.entries()) {
      const one = own?.metricImpl && this.#metrics.get(own.metricImpl);
      if (one !== undefined) this.#standIn(index, one);
    }
  }

  /** Until the client resets it. */
  #standIn(index: number, one: InReport): void {
    const { reported } = this;
    const own = reported[index] as Reported;
    const reset = (): void => {
      reported[index] = own;
      one.reset();
    };
    reported[index] = Object.create(own, { metricImpl: { value: { reset } } }) as Reported;
  }

  /** It is over. */
  end(): void {
    for (const one of this.#metrics.values()) readsOf(one.metric).end(one);
  }

  /** It has failed. */
  putBack(): void {
    this.end();
    for (const one of this.#metrics.values()) one.putBack();
  }
}
