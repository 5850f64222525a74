/** Whether a condition holds on this look; when not, why, in words for people, and when time alone may change it. */
export interface Judgement {
  readonly holds: boolean;
  readonly note: string;
  /** Milliseconds until the passing of time alone may make it hold (minReadySeconds). */
  readonly dueInMs?: number;
}

export const HOLDS: Judgement = { holds: true, note: '' };

export function fails(note: string): Judgement {
  return { holds: false, note };
}
