/** A metric of measured-core. */
interface Metric {
  getType?(): string;
  toJSON?(): unknown;
  reset?(): void;
}

interface Counter extends Metric {
  inc(by: number): void;
  dec(by: number): void;
}

/** What a registry has of a metric. */
export interface Reported {
  metricImpl?: Metric;
}

type Resettable = Required<Metric>;

/** Where the report that a metric is in has got to. */
type Stage =
  /** In none: the metric is what it is. */
  | "none"
  /** The app's code runs. */
  | "begun"
  /** It has returned, and the client resets what was in it. */
  | "returned"
  /** It has returned a promise that has not settled. */
  | "pending";

/** A metric of the client's own, which knows nothing but its fields. */
function isResettable(metric: Metric | undefined): metric is Resettable {
  return metric?.reset !== undefined && metric.toJSON !== undefined && metric.getType?.() === metric.constructor.name;
}

function isCounter(metric: Metric): metric is Counter {
  return metric.getType?.() === "Counter";
}

function overlay<T extends object>(object: T, read: (key: PropertyKey) => unknown): T {
  return new Proxy(object, { get: (target, key) => read(key) ?? Reflect.get(target, key) });
}

/**
 * A metric as the app's reports get it, the same object in each: during a report it has the value that it had when the report
 * began, however late that is read, and its reset takes off what was reported.
 */
class ReportedMetric {
  /** Takes the place of the registry's own. */
  readonly reported: Reported;
  stage: Stage = "none";
  #value: unknown;
  /** What the reset has taken off, which has not arrived if the report fails. */
  #taken: number | undefined;

  constructor(
    reported: Reported,
    readonly metric: Resettable,
  ) {
    const own = { toJSON: () => this.#value, reset: () => this.#reset() };
    const inReport = new Map<PropertyKey, unknown>(Object.entries(own));
    const view = overlay(metric, (key) => (this.stage === "none" ? undefined : inReport.get(key)));
    this.reported = overlay(reported, (key) => (key === "metricImpl" ? view : undefined));
  }

  get isFree(): boolean {
    return this.stage === "none" || this.stage === "returned";
  }

  begin(): void {
    this.stage = "begun";
    this.#value = this.metric.toJSON();
    this.#taken = undefined;
  }

  #reset(): void {
    const { metric, stage } = this;
    const value = this.#taken === undefined && typeof this.#value === "number" ? this.#value : 0;
    if (stage === "returned") this.stage = "none";
    if (isCounter(metric)) metric.dec(value);
    else metric.reset();
    this.#taken ??= value;
    // The app has reset it itself.
    if (stage === "begun") this.#value = metric.toJSON();
  }

  putBack(): void {
    if (isCounter(this.metric) && this.#taken !== undefined) this.metric.inc(this.#taken);
    this.stage = "none";
  }
}

/** More than one only of a metric that is in several reports at a time. */
const known = new WeakMap<Reported, ReportedMetric[]>();

function freeOf(reported: Reported, metric: Resettable): ReportedMetric {
  const all = (known.get(reported) ?? []).filter((one) => one.metric === metric);
  const free = all.find(({ isFree }) => isFree);
  if (free !== undefined) return free;
  const made = new ReportedMetric(reported, metric);
  known.set(reported, [...all, made]);
  return made;
}

/** A report that begins, with what there is to do at its stages. */
export interface Report {
  /** Its function has returned. */
  returned(pending?: boolean): void;
  /** It is over. */
  end(): void;
  /** It has failed: what was taken off has not arrived. */
  putBack(): void;
}

/** @param metrics changed in place: it is the list in which the client finds what to reset */
export function reportOf(metrics: (Reported | undefined)[]): Report {
  const begun: ReportedMetric[] = [];
  for (const [index, reported] of metrics.entries()) {
    const metric = reported?.metricImpl;
    if (reported === undefined || Object.isFrozen(reported) || !isResettable(metric)) continue;
    const one = freeOf(reported, metric);
    one.begin();
    begun.push(one);
    metrics[index] = one.reported;
  }
  const setStage = (stage: Stage) => {
    for (const one of begun) one.stage = stage;
  };
  return {
    returned: (pending = false) => setStage(pending ? "pending" : "returned"),
    end: () => setStage("none"),
    putBack: () => {
      for (const one of begun) one.putBack();
    },
  };
}
