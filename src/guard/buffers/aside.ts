import type { BufferRule, MergeRule } from "../../target.js";
import { recordsInAll } from "./count.js";
import type { SeenEmpty } from "./seen-empty.js";
import {
  emptyLike,
  type Form,
  isContainer,
  isExact,
  isJoinable,
  join,
  plainForm,
  type Rules,
  sizeOf,
} from "./shapes.js";

type Fields = Record<string, unknown>;

/** A field of the owner during one flush. */
interface Side {
  field: string;
  rule: MergeRule | BufferRule;
  form: Form;
  /** The buffer as the flush found it. */
  buffer: unknown;
  /** How much was in it; undefined where its rule does not tell. */
  size: number | undefined;
  amount: number;
  /** What growth is told from. */
  looked: number | undefined;
  /** What is recorded meanwhile. */
  aside: unknown;
}

/** A field in which both are for the time of one call. */
interface Whole {
  side: Side;
  rule: MergeRule;
  owner: Fields;
  left: unknown;
  aside: unknown;
  whole: unknown;
  size: number;
}

/**
 * What is recorded during a flush that runs on the real instance and its real buffer. Each record finds a buffer of its own
 * in the field for as long as it is on the stack; afterwards what those have taken joins what the flush has left.
 */
export class Aside {
  readonly #ownerOf: () => object;
  readonly #sides: readonly Side[];
  #isIn = false;
  #isOver = false;
  /** The owner that a record on the stack has found, and what was in its fields. */
  #owner: Fields = {};
  #saved: unknown[] = [];
  readonly #wholes: Whole[] = [];

  private constructor(ownerOf: () => object, sides: readonly Side[]) {
    this.#ownerOf = ownerOf;
    this.#sides = sides;
  }

  /**
   * @param ownerOf finds the lock owner, which a flush may replace
   * @returns undefined where a buffer is of a shape that another cannot be made beside
   */
  static beside(ownerOf: () => object, instance: object, rules: Rules, seenEmpty: SeenEmpty): Aside | undefined {
    const owner = ownerOf() as Fields;
    const sides: Side[] = [];
    for (const [field, rule] of rules) {
      const property = Object.getOwnPropertyDescriptor(owner, field);
      if (property?.writable !== true) return undefined;
      const buffer: unknown = property.value;
      if (typeof rule === "object") {
        const aside = rule.fresh(buffer as never, instance as never);
        sides.push({
          field,
          rule,
          form: plainForm(aside),
          buffer,
          size: undefined,
          amount: 0,
          looked: undefined,
          aside,
        });
        continue;
      }
      // What a record adds to a text may depend on what is there, such as a separator.
      if (typeof buffer === "string" || !isExact(rule, buffer)) return undefined;
      const form = seenEmpty.formOf(field, buffer);
      if (form === undefined) return undefined;
      const size = form.sizeOf(buffer);
      sides.push({ field, rule, form, buffer, size, amount: form.amountIn(buffer), looked: size, aside: form.empty() });
    }
    return new Aside(ownerOf, sides);
  }

  /** Makes a record call with the buffers that are aside. */
  during<T>(call: () => T): T {
    if (!this.swapIn()) return call();
    try {
      return call();
    } finally {
      this.swapOut();
    }
  }

  /**
   * Whoever is on the stack finds the buffers that are aside, until `swapOut`.
   * @returns false where they are there already, or cannot be
   */
  swapIn(): boolean {
    if (this.#isIn || this.#isOver) return false;
    const owner = this.#ownerOf() as Fields;
    if (Object.isFrozen(owner)) return false;
    this.#owner = owner;
    this.#saved = this.#sides.map(({ field, aside }) => {
      const saved = owner[field];
      owner[field] = aside;
      return saved;
    });
    this.#isIn = true;
    return true;
  }

  /** Ends `swapIn`. */
  swapOut(): void {
    if (!this.#isIn) return;
    this.#isIn = false;
    // A record may have made a new owner, a copy of the one before with its value in it.
    const owner = this.#ownerOf() as Fields;
    for (const [index, side] of this.#sides.entries()) {
      const { field, form } = side;
      if (owner !== this.#owner) Reflect.set(this.#owner, field, this.#saved[index]);
      side.aside = Object.isFrozen(owner) ? form.empty() : owner[field];
      Reflect.set(owner, field, this.#saved[index]);
    }
  }

  /** Makes a call that finds both what the flush has left so far and what is aside. What it does not take is kept from the flush still. */
  joined<T>(call: () => T): T {
    if (this.#isIn || this.#isOver || this.#wholes.length > 0) return call();
    const owner = this.#ownerOf() as Fields;
    if (Object.isFrozen(owner)) return call();
    for (const side of this.#sides) {
      const { field, rule, form, aside } = side;
      const left = owner[field];
      if (typeof rule === "object" || form.sizeOf(aside) === 0 || !isJoinable(left, aside)) continue;
      const whole = join(rule, join(rule, emptyLike(left), left), aside);
      this.#wholes.push({ side, rule, owner, left, aside, whole, size: form.sizeOf(whole) });
      owner[field] = whole;
      side.aside = form.empty();
    }
    try {
      return call();
    } finally {
      this.#part();
    }
  }

  /** Whether the flush has taken its batch, or a part of it, out of every buffer: what is recorded now is safe there. */
  get isTaken(): boolean {
    return this.#now().every(({ amount, buffer, form }) => form.amountIn(buffer) < amount);
  }

  /** Whether it has taken something out of one of them. */
  get hasTaken(): boolean {
    return this.#now().some(({ size = 0, buffer, form }) => form.sizeOf(buffer) < size);
  }

  /** Whether all that was in the buffers is known to be there still. */
  get isUntouched(): boolean {
    return this.#sides.some(({ size }) => size !== undefined) && !this.hasTaken;
  }

  /** Whether something has been put into the buffer that no record of the guard's has put there. */
  get hasGrown(): boolean {
    return this.#now().some(({ looked, buffer, form }) => looked !== undefined && form.sizeOf(buffer) > looked);
  }

  /** From here on `hasGrown` is about what comes. What the flush has taken may come back. */
  look(): void {
    for (const [index, { size, buffer, form }] of this.#now().entries()) {
      if (size !== undefined) (this.#sides[index] as Side).looked = Math.max(size, form.sizeOf(buffer));
    }
  }

  /** Whether something has been recorded meanwhile, where that can be told. */
  get hasRecords(): boolean {
    return this.#sides.some(({ rule, form, aside }) => typeof rule === "string" && form.sizeOf(aside) > 0);
  }

  /** How many records there are aside; undefined where a rule does not tell. */
  get records(): number | undefined {
    return recordsInAll(this.#sides.map(({ rule, aside }) => [rule, aside]));
  }

  /**
   * Ends it: what is aside joins what is in the buffer now.
   * @param used fields that are recorded into while no flush runs
   * @returns fields whose buffer is of another shape now and was replaced
   */
  join(used: ReadonlySet<string>): string[] {
    if (this.#isOver) return [];
    this.swapOut();
    this.#part();
    this.#isOver = true;
    const owner = this.#ownerOf() as Fields;
    const left = this.#sides.filter((side) => !joinField(owner, { ...side, field: this.#fieldOf(owner, side, used) }));
    return left.map(({ field }) => field);
  }

  /** Where what a flush has found in a field is now: it may have brought that into another, which records use while none runs. */
  #fieldOf(owner: Fields, { field, buffer }: Side, used: ReadonlySet<string>): string {
    if (used.has(field) || !isContainer(buffer) || owner[field] === buffer) return field;
    const moved = this.#sides.find((side) => used.has(side.field) && owner[side.field] === buffer);
    return moved?.field ?? field;
  }

  /** Ends `joined`: what was aside is again, unless it has been taken. */
  #part(): void {
    for (const { side, rule, owner, left, aside, whole, size } of this.#wholes.splice(0)) {
      if (owner[side.field] !== whole || side.form.sizeOf(whole) !== size) continue;
      owner[side.field] = left;
      side.aside = join(rule, aside, side.aside);
    }
  }

  /** How much was in each buffer, and what is there now. */
  #now(): Omit<Side, "field" | "rule" | "aside">[] {
    const owner = this.#isIn ? undefined : (this.#ownerOf() as Fields);
    return this.#sides.map(({ field, form, size, amount, looked }, index) => {
      const now = owner === undefined ? this.#saved[index] : owner[field];
      const joined = this.#wholes.find(({ whole }) => whole === now);
      return { form, size, amount, looked, buffer: joined === undefined ? now : joined.left };
    });
  }
}

/** @returns false where what was there could not be kept */
function joinField(owner: Fields, { field, rule, form, buffer, aside }: Side): boolean {
  if (Object.isFrozen(owner)) return form.sizeOf(aside) === 0;
  const left = owner[field];
  if (typeof rule === "object") {
    if (left === aside) return true;
    // First, so that nothing recorded meanwhile depends on the rule.
    owner[field] = aside;
    rule.merge(aside as never, left as never);
    return true;
  }
  if (form.sizeOf(aside) === 0) return true;
  if (left === undefined || left === null) owner[field] = aside;
  else if (!isJoinable(left, aside)) {
    owner[field] = aside;
    return sizeOf(left) === 0;
  } else if (left !== buffer && sizeOf(left) === 0) owner[field] = aside;
  else {
    const joined = join(rule, left, aside);
    if (joined !== left) owner[field] = joined;
  }
  return true;
}
