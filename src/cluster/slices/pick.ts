import type { KubeObject, ObjectCondition, ObjectMeta } from '../../domain/kube.ts';

/** A copy with these fields only, and only those that are there. Lists are decoded with it and then dropped (law 6). */
export function pick<T extends object, K extends keyof T>(from: T | undefined, ...keys: readonly K[]): Pick<T, K> {
  const copy: Partial<T> = {};
  if (from !== undefined) for (const key of keys) if (from[key] !== undefined) copy[key] = from[key];
  return copy as Pick<T, K>;
}

/** kubectl apply's copy of the whole object: as large as the object, and never used. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Metadata without managedFields and without kubectl apply's copy of the object. */
export function pickMetadata(meta: ObjectMeta): ObjectMeta {
  const picked = pick(
    meta,
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'labels',
    'annotations',
    'ownerReferences',
    'finalizers',
  );
  if (picked.annotations?.[LAST_APPLIED] === undefined) return picked;
  const { [LAST_APPLIED]: _dropped, ...annotations } = picked.annotations;
  return { ...picked, annotations };
}

/** An object as it is, less the weight of its metadata. */
export function lighten<T extends KubeObject>(raw: T): T {
  return { ...raw, metadata: pickMetadata(raw.metadata) };
}

export function pickConditions(conditions: readonly ObjectCondition[] | undefined): { conditions?: readonly ObjectCondition[] } {
  if (conditions === undefined) return {};
  return { conditions: conditions.map((condition) => pick(condition, 'type', 'status', 'reason', 'message', 'lastTransitionTime')) };
}
