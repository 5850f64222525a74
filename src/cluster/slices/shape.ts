/** Kept as it is served. */
export const KEEP = 'keep';
/** Not used, or too heavy. */
export const DROP = 'drop';

type Rule<V> = typeof KEEP | typeof DROP | ((value: V) => V | undefined);

/**
 * For every field of a domain type what becomes of it at the door. A field that the type has and its shape has not does
 * not compile: evidence is never dropped by forgetting it here.
 */
export type Shape<T> = { readonly [K in keyof T]-?: Rule<NonNullable<T[K]>> };

/** Copies an object by its shape; what the domain does not know is left behind, and so is what is not there (law 6). */
export function shaped<T extends object>(shape: Shape<T>): (raw: T) => T {
  const rules = Object.entries(shape) as [keyof T, Rule<unknown>][];
  return (raw) => {
    const copy: Partial<T> = {};
    for (const [field, rule] of rules) {
      const value = raw[field];
      if (value === undefined || value === null || rule === DROP) continue;
      const kept = rule === KEEP ? value : (rule(value) as T[keyof T] | undefined);
      if (kept !== undefined) copy[field] = kept;
    }
    return copy as T;
  };
}

/** The same for every item of a list. */
export function each<T>(decode: (raw: T) => T): (list: readonly T[]) => readonly T[] {
  return (list) => list.map((item) => decode(item));
}
