import type { BufferRule, MergeRule, Roles } from "./target.js";

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

/** A path that begins with a member of it, or a path that is not known beforehand. */
type Path<T, Name> = Name extends string
  ? string extends Name
    ? Name
    : Name extends `${infer First}.${string}`
      ? First extends keyof T
        ? Name
        : never
      : Name extends keyof T
        ? Name
        : never
  : Name;

/** The same of the end of a flush. */
type EndsOf<T, E> = E extends object
  ? { [K in keyof E]: K extends "method" ? Path<T, E[K]> : K extends "abortedBy" ? Methods<T, E[K]> : E[K] }
  : E;

/** A further key is none of ours. */
type NoOther<R> = { [K in Exclude<keyof R, keyof Roles>]: never };

type MethodLists = "record" | "flush" | "send" | "close" | "use";

/** Stands for the roles of a class that is written out, as in `guard<Metrics>(Metrics, …)`: TypeScript infers none then. */
export type Uninferred = Omit<Roles, "buffers">;

/** Roles by the names of its methods and fields. */
type RolesBy<T> = { readonly [K in MethodLists]?: readonly MethodOf<T>[] } & {
  readonly ends?: { readonly method?: MethodOf<T>; readonly abortedBy?: readonly MethodOf<T>[] };
} & (
    | { readonly owner?: undefined; readonly buffers?: { readonly [K in FieldOf<T>]?: MergeRule | BufferRule } }
    | ({ readonly owner: (keyof T & string) | `${keyof T & string}.${string}` } & Pick<Roles, "buffers">)
  );

/**
 * What holds of roles that name methods and fields that an instance has. Private members have no name for TypeScript:
 * `guard<object>(…)` takes every name, and what is not there is told at run time.
 */
export type RolesOf<T, R extends Roles> = [keyof T] extends [never]
  ? Pick<Roles, "buffers">
  : Uninferred extends R
    ? "buffers" extends keyof R
      ? unknown
      : RolesBy<T>
    : {
        [K in keyof R & MethodLists]: Methods<T, R[K]>;
      } & { [K in keyof R & ("owner" | "final")]: Path<T, R[K]> } & {
        [K in keyof R & "ends"]: EndsOf<T, R[K]>;
      } & NoOther<R> &
        (R extends { owner: string } ? unknown : { [K in keyof R & "buffers"]: Buffers<T, R[K]> });
