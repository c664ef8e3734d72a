/** A version range as semver takes it apart: alternatives, each a list of bounds that a version must all meet. */
export type Bounds = readonly (readonly [operator: string, version: string])[];

/** What the version ranges and file patterns of the built-in targets come down to. */
export interface Compiled {
  ranges: Readonly<Record<string, readonly Bounds[]>>;
  /** Sources of regular expressions. */
  patterns: Readonly<Record<string, string>>;
}

/** Filled in where it is published, so that an app loads neither semver nor picomatch for them. */
export const compiled: Compiled = { ranges: {}, patterns: {} };
