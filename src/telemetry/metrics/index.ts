import { log } from "../../log.js";
import { reasonOf } from "../../reason-of.js";
import { clearInterval, setInterval } from "../../timers.js";
import { OpenTelemetryMetrics } from "./opentelemetry.js";
import { PrometheusMetrics } from "./prometheus.js";
import { type Exposition, Readings, type TargetReading } from "./readings.js";

export type { TargetReading } from "./readings.js";

const REFRESH_MS = 1000;

const SYSTEMS = { otel: OpenTelemetryMetrics, prom: PrometheusMetrics };

/** The guard's own metrics, in the metric systems that the app itself has loaded. */
export class Metrics {
  readonly #readings: Readings;
  readonly #expositions: readonly Exposition[];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param systems those that are asked for
   * @param targets gives what is counted elsewhere
   */
  constructor(systems: readonly (keyof typeof SYSTEMS)[], outcome: "averted" | "seen", targets: () => TargetReading[]) {
    this.#readings = new Readings(
      targets,
      () => this.#each((exposition) => exposition.beforeFlush?.()),
      (flush) => this.#each((exposition) => exposition.flushed(flush)),
    );
    this.#expositions = systems.map((system) => new SYSTEMS[system](this.#readings, outcome));
  }

  /** The packages whose loading is to be told. */
  get modules(): Exposition["module"][] {
    return this.#expositions.map(({ module }) => module);
  }

  /** Takes the exports of a file of one of the packages. */
  loaded(module: string, exports: unknown): void {
    this.#each((exposition) => {
      if (exposition.module.name !== module) return;
      exposition.loaded(exports);
      if (this.#timer !== undefined) exposition.refresh();
    });
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#readings.start();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
    this.#timer.unref();
    this.#refresh();
  }

  /** Takes the metrics out again. What has been counted is kept. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#readings.stop();
    this.#each((exposition) => exposition.stop());
  }

  #refresh(): void {
    this.#each((exposition) => exposition.refresh());
  }

  /** What the app's own metric system throws stays here. */
  #each(run: (exposition: Exposition) => void): void {
    for (const exposition of this.#expositions) {
      try {
        run(exposition);
      } catch (error) {
        log.info(`metrics through ${exposition.module.name}: ${reasonOf(error)}`);
      }
    }
  }
}
