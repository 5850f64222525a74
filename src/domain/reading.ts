/**
 * What a look at the API server told: the thing itself, that it is not there, or nothing. "Unknown is not safe"
 * (product principle 3): a reader that could not look says so, and each operation decides whether that blocks.
 */
export type Reading<T> = Read<T> | Absent | Unknown;

export interface Read<T> {
  readonly state: 'read';
  readonly value: T;
  /** Server's time of the answer, milliseconds since the epoch. */
  readonly at: number;
}

export interface Absent {
  readonly state: 'absent';
  /** `not-found`: the object is not there. `not-served`: discovery says that the API does not have this resource. */
  readonly why: 'not-found' | 'not-served';
  readonly at: number;
}

export interface Unknown {
  readonly state: 'unknown';
  readonly why: 'forbidden' | 'timeout' | 'server-error' | 'not-read';
  /** One sentence for people, e.g. "cannot list persistentvolumeclaims in namespace prod (forbidden)". */
  readonly message: string;
  readonly at: number;
}

export function read<T>(value: T, at: number): Read<T> {
  return { state: 'read', value, at };
}

export function absent(why: Absent['why'], at: number): Absent {
  return { state: 'absent', why, at };
}

export function unknown(why: Unknown['why'], message: string, at: number): Unknown {
  return { state: 'unknown', why, message, at };
}

/** The value, or `fallback` where nothing is there or nothing is known: only for advice, never to decide a write. */
export function valueOr<T>(reading: Reading<T> | undefined, fallback: T): T {
  return reading?.state === 'read' ? reading.value : fallback;
}
