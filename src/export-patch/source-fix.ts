/** A change to a method. In both texts `$name` stands for an expression, and `{ $name }` for all that is in a block. */
export interface Rewrite {
  /** Method that is changed. */
  in: string;
  /** Statements in a row, or one expression, that the method has once, however they are spaced and quoted. */
  find: string;
  /** What takes their place. What `$name` stands for stays as it is, comments included: each once, in the same order. */
  put: string;
  /** Semver range of the versions that are changed so. Absent: all that are fixed. */
  versions?: string;
}

/** A method of its own. */
export interface Addition {
  /** Method that it comes behind. */
  after: string;
  /** Its source. */
  add: string;
}

/**
 * One run of a method at a time: what the method did becomes another one, and calls during a run share one run after it.
 */
export interface Joined {
  join: string;
  /** Name of the method that does the work from now on. */
  worker: string;
  /** Field for the run that has begun, and for the one after it. */
  fields: readonly [current: string, next: string];
}

export type Edit = Rewrite | Addition | Joined;

/** What changes in one class. */
export interface ClassFix {
  /** File inside the package, a glob allowed. Absent: that of the target. */
  file?: string;
  class: string;
  /** Semver range of the versions that have it. Absent: all that are fixed. */
  versions?: string;
  edits: readonly Edit[];
}

/** How the hazards of one client are fixed in its own source, and the words to report them in. */
export interface SourceFix {
  /** Package name. */
  module: string;
  classes: readonly ClassFix[];
  /** Title of an issue. */
  title: string;
  /** What goes wrong and where: a paragraph of Markdown. */
  problem: string;
  /** What the fix does: a paragraph of Markdown. */
  remedy: string;
}
