import type { Roles } from "./target.js";

/** Names of the methods of an instance. */
type MethodOf<T> = { [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? K : never }[keyof T] & string;

/** Names of its fields. */
type FieldOf<T> = Exclude<keyof T & string, MethodOf<T>>;

/** Those of its methods, unless it is not known beforehand which names there are. */
type Methods<T, Names> = Names extends readonly string[]
  ? string extends Names[number]
    ? Names
    : readonly MethodOf<T>[]
  : Names;

/** By its fields, unless it is not known beforehand which there are. */
type Buffers<T, Rules> = string extends keyof Rules
  ? Rules
  : { readonly [K in keyof Rules]: K extends FieldOf<T> ? Rules[K] : never };

/**
 * What holds of roles that name methods and fields that an instance has. Private members have no name for TypeScript:
 * `guard<object>(…)` takes every name, and what is not there is told at run time.
 */
export type RolesOf<T, R extends Roles> = [keyof T] extends [never]
  ? unknown
  : Roles extends R
    ? unknown
    : {
        [K in keyof R & ("record" | "flush" | "send" | "close")]: Methods<T, R[K]>;
      } & (R extends { owner: string } ? unknown : { [K in keyof R & "buffers"]: Buffers<T, R[K]> });
