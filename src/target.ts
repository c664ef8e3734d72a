/** How what is left in a detached buffer joins the live one: add numbers, keep the newest, put the older items first. */
export type MergeRule = "sum" | "last" | "append";

/** A buffer that no merge rule fits: an object of the client's own class, say. */
export interface BufferRule {
  /**
   * Makes the empty buffer that records go to while the current one is being flushed.
   * @param current the buffer that is about to be detached
   * @param instance the client
   */
  fresh(current: never, instance: never): unknown;
  /**
   * Puts what a flush left behind back among what was recorded meanwhile, in place.
   * @param live the buffer that took the records made during the flush
   * @param left what the original flush left of the detached buffer; empty after a flush that succeeded
   * @returns whether anything was left
   */
  merge(live: never, left: never): boolean;
  /** How many records a buffer holds. Absent: losses cannot be counted. */
  count?(buffer: never): number;
  /** Gives another value once a flush has read the buffer, where it waits for something before it does. */
  readMark?(buffer: never): unknown;
}

/** The method of the instance that a flush hands its batch to, where the flush alone does not tell how it ended. */
export interface Transport {
  method: string;
  /**
   * Whether a result the client takes for success is a failure, such as an HTTP 500. The flush then sees it as thrown, and
   * its batch is merged back: `onFailure` must say so.
   */
  failed?(result: never): boolean;
  /** Methods of the instance that end a send without calling its callback. */
  abortedBy?: readonly string[];
}

/**
 * What becomes of a batch whose send has failed. "leave": what the client makes of it, its own retries included. "merge back":
 * where the client would lose it, it returns to the live buffer and goes out with the next flush, through `buffers` or
 * `prepare`. The guard sends nothing by itself either way.
 */
export type OnFailure = "leave" | "merge back";

/** What a record method returns. A method that returns some other value cannot be held, only swapped under. */
export type Returns = "nothing" | "this" | "promise";

/**
 * Replaces a property of an object, the first time it is asked to; `disable()` puts the original back.
 * @param make gives the new value, from what is there
 */
export type Replace = (object: object, name: string, make: (original: never) => unknown) => void;

/** The roles that methods of a client have, and where its buffer is. */
export interface Roles {
  /** Methods that add to the buffer: every mutator of it, not only increments. */
  record?: readonly string[];
  /** Methods that send the buffer and that users await or give a callback. */
  flush?: readonly string[];
  /** Internal or automatic senders that a flush may itself call: they never wait, they are only tracked. */
  send?: readonly string[];
  /** Methods that end the client. */
  close?: readonly string[];
  /** Methods that show that an instance is in use, where its record methods are not declared: a drain knows it by them. */
  use?: readonly string[];
  /** Property path from the instance to the lock owner, the object that holds the buffer. Absent: the instance. */
  owner?: string;
  /** Fields of the lock owner that hold what was recorded. Declared: swap. Absent: hold and replay. */
  buffers?: Readonly<Record<string, MergeRule | BufferRule>>;
  /** The flush detaches its batch before it first waits, so overlapping flushes are tracked and run in parallel. */
  detaches?: boolean;
  /**
   * Position of the callback among a flush's arguments, where callers leave it out and no promise is returned: the guard
   * then gives one of its own, as nothing else tells when the flush is over.
   */
  callbackAt?: number;
  /**
   * The client takes records while its close sends what it has, and drops them when that has arrived. It is flushed before,
   * until a flush makes no `send`, which must be declared.
   */
  flushBeforeClose?: boolean;
  /** The flush is over when it returns, even if it takes a callback. */
  synchronous?: boolean;
  transport?: Transport;
  /** Absent: "leave". */
  onFailure?: OnFailure;
  /**
   * Whether a flush may run code of the app's own that waits for another flush, or a function of the instance that tells.
   * Absent: it may. Telling such code apart makes awaits dearer before Node 24, for as long as the process lives.
   */
  callsOut?: boolean | ((instance: never) => boolean);
  /**
   * A record may run code of the app's own before its value is in the buffer. What is recorded from there waits until
   * that record has returned, where the class holds its records.
   */
  recordsCallOut?: boolean;
  /** What the record methods return, where their source does not tell: a held call must return the same at once. */
  returns?: Returns;
  /**
   * Flushes an instance before the process ends, where calling its first flush method, without arguments or with a callback at
   * `callbackAt`, does not.
   * @param done called when that is over, by one that takes it; one that does not returns a promise or nothing
   */
  drain?(instance: never, done: (error?: unknown) => void): unknown;
  /** How many records an instance still has in its buffer. Absent: what `buffers` holds, where its rules tell. */
  pending?(instance: never): number | undefined;
  /** Puts right what the client misses, before each record and flush: a private copy of shared state, a dead socket. */
  prepare?(instance: never, replace: Replace): void;
}

/** The declaration of one supported package. */
export interface Target extends Roles {
  /** Package name. */
  module: string;
  /** Semver range of the versions that have the declared shape. Absent: every version. */
  versions?: string;
  /** File inside the package, a glob allowed. Absent: any file of it that exports what is declared. */
  file?: string;
  /** Named export, a dotted path allowed. Absent: the module itself or its default export. */
  export?: string;
  /** Function, or `Class#method`, whose result is guarded. */
  factory?: string;
  /** Property path from what the factory makes to the object with the methods. Absent: what it makes. */
  part?: string;
  /** Semver range of the versions, outside `versions`, that have nothing to guard. */
  unaffected?: string;
  /** First version in which upstream fixed the hazard: the guard steps aside from there on. */
  fixedIn?: string;
}
