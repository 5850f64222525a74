import { finalizersRemoved } from '../../domain/finalizers.ts';
import type { KubeObject } from '../../domain/kube.ts';

/** Whether a condition holds on this look; when not, why, in words for people, and when time alone may change it. */
export interface Judgement {
  readonly holds: boolean;
  readonly note: string;
  /** Milliseconds until the passing of time alone may make it hold (minReadySeconds). */
  readonly dueInMs?: number;
  /** Only another client can make it hold: worth waiting for so long after the last change, and no longer. */
  readonly held?: { readonly as: string; readonly patienceMs: number };
}

export const HOLDS: Judgement = { holds: true, note: '' };

export function fails(note: string): Judgement {
  return { holds: false, note };
}

/** A controller that runs removes its finalizer, or writes the object, well within this time. */
export const HELD_MS = 5000;
/** The owner of a Pod's finalizer may still be moving its data: that takes longer, and is what such finalizers are for. */
export const POD_HELD_MS = 30_000;

/** Objects that are deleted but for finalizers of others. Any change of them is progress. */
export function heldBack(kind: string, objects: readonly KubeObject[], patienceMs: number): Judgement {
  const each = objects.map((object) => `${kind} ${object.metadata.name} is being deleted and remains until ${finalizersRemoved(object)}`);
  const as = objects.map(({ metadata }) => `${metadata.uid}/${metadata.resourceVersion}`).join();
  return { holds: false, note: each.join('; '), held: { as, patienceMs } };
}
