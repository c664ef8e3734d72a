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

/**
 * How a flush and the records made during it are kept apart. Exactly one for a target.
 * - "swap": records go to a buffer of their own while a flush is in flight, and join what it left. Needs `buffers`
 * - "hold": records wait, and are made when the flush has settled
 * - "detached": the flush takes its batch out of the buffer before it first waits, so only its end is waited for
 * - "on the stack": the flush is over when it returns, so only code that it calls itself can overlap it
 */
export type Strategy = "swap" | "hold" | "detached" | "on the stack";

/** What tells that a flush is over, and how, where what it returns does not. */
export interface Ends {
  /**
   * Position of the callback among a flush's arguments, where callers leave it out: the guard then gives one of its own, but
   * not where a promise is returned instead. In a target of the app's own, the first call without one tells which.
   */
  callback?: number;
  /** The method of the instance that a flush hands its batch to, with a callback or for a promise. Needs `view`. */
  method?: string;
  /**
   * Whether a result of `method` that the client takes for success is a failure, or the property of it that has an HTTP status:
   * 408, 429 and those from 500 on are failures. The flush then sees it as thrown, and its batch joins the live buffer again.
   */
  failed?: string | ((result: never) => boolean);
  /** Methods of the instance that end a send of `method` without calling its callback. */
  abortedBy?: readonly string[];
}

/** What runs code of the app's own: senders, callbacks, loggers, listeners that the app has given the client. */
export interface CallsOut {
  /**
   * Whether a flush does, or a function of the instance that tells. What such code asks for is told apart from what the
   * client asks for itself: a flush from inside a flush is then one of the app's, and comes after it. `false`: nothing of
   * the app's is ever inside a flush. Absent: not known, so a flush from inside a flush is taken to be part of it.
   */
  flush?: boolean | ((instance: never) => boolean);
  /**
   * A record does, before its value is in the buffer. What is recorded from there waits until that record has returned.
   * For "hold" and "on the stack".
   */
  record?: boolean;
}

/** What the record methods return, where their calls do not tell. */
export type Returns = "nothing" | "this";

/**
 * Replaces a property of an object, the first time it is asked to; `disable()` puts the original back.
 * @param make gives the new value; it is given what tells, whenever it is asked, what would be there: what is inherited may change
 */
export type Replace = <Value>(object: object, name: string, make: (original: () => Value) => unknown) => void;

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
  /** Absent: "swap" where there are `buffers`, otherwise "hold". */
  batch?: Strategy;
  /** Fields of the lock owner that hold what was recorded, for "swap" alone. */
  buffers?: Readonly<Record<string, MergeRule | BufferRule>>;
  /**
   * The original flush may be run on a view of the instance, where its buffers are the batch and all else is the
   * instance's own: for a class of which all code is known to use nothing but the `this` it is given, and whose records
   * change nothing but `buffers`.
   */
  view?: boolean;
  ends?: Ends;
  /**
   * Nobody but its caller has the promise that a flush gives, as with an `async` function, of which it need not be said: a
   * rejection that he does not handle is then unhandled, as it is without the guard. Absent, the client may handle it itself.
   */
  callersPromise?: boolean;
  callsOut?: CallsOut;
  /**
   * The client takes records while its close sends what it has, and drops them when that has arrived. It is flushed before,
   * until a flush makes no `send`, which must be declared.
   */
  drains?: boolean;
  /**
   * Sends what a close would leave behind, right before it. The close comes when what this gives has settled, however that is,
   * at latest after the time that a flush has; at once where it gives nothing to wait for. A drain calls it after the flush, also
   * where no close is declared.
   * @param args what the close was called with; absent in a drain, which no close follows
   */
  beforeClose?(instance: never, args?: readonly unknown[]): unknown;
  /**
   * The instance is a Writable, and says 'finish' before what was recorded has arrived: it says so when everything in flight
   * is over. The name of a method, at the end of a property path, or a function: what is called first, and waited for. Needs a
   * `record` or a `send`, such as its `log`.
   */
  final?: boolean | string | ((instance: never) => unknown);
  /** Absent: learnt from the calls. A held call must return the same at once, so one that has not told is not held. */
  returns?: Returns;
  /** Puts right what the client misses, before each record and flush: a private copy of shared state, a dead socket. */
  prepare?(instance: never): void;
  /** Puts right what the client misses, once for each instance. */
  adapt?(instance: never, replace: Replace): void;
}

/** Whether a result says that the same batch may be taken later. Any other refusal is final: keeping the batch would block the next. */
export function hasFailed({ failed }: Ends, result: unknown): boolean {
  if (typeof failed === "function") return failed(result as never) === true;
  const status = failed === undefined ? undefined : (result as Record<string, unknown> | null | undefined)?.[failed];
  return typeof status === "number" && (status >= 500 || status === 429 || status === 408);
}

/** The strategy that a declaration asks for. */
export function strategyOf({ batch, buffers }: Roles): Strategy {
  return batch ?? (buffers === undefined ? "hold" : "swap");
}

/** The declaration of one supported package. */
export interface Target extends Roles {
  /** Package name. */
  module: string;
  /**
   * The client that is built in which this package is a fork of, or that is installed under this name: what its declarations
   * say of files, classes and roles holds here too, but for what is declared beside it. Without roles.
   */
  like?: string;
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
