import { lateFileIfThere } from "./late-file.js";

/** A part of the guard that is made, and whose file is loaded, when it is first needed. */
export class LatePart<T> {
  readonly #make: () => T;
  /** Undefined until it is needed. */
  made: T | undefined;
  hasFailed = false;

  constructor(make: () => T) {
    this.#make = make;
  }

  /** @throws where it cannot be made; it is tried again the next time */
  get(): T {
    this.hasFailed = this.made === undefined;
    this.made ??= this.#make();
    this.hasFailed = false;
    return this.made;
  }

  /** Undefined where it cannot be made, which is told. */
  getIfThere(): T | undefined {
    return lateFileIfThere(() => this.get());
  }
}
