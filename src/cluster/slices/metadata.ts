import { isCreators } from '../../domain/creator.ts';
import { finalizerFields } from '../../domain/finalizers.ts';
import type { Json, KubeObject, ManagedFieldsEntry, ObjectCondition, ObjectMeta } from '../../domain/kube.ts';
import { DROP, each, KEEP, type Shape, shaped } from './shape.ts';

/** kubectl apply's copy of the whole object: as large as the object, and never used. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const META: Shape<ObjectMeta> = {
  name: KEEP,
  namespace: KEEP,
  uid: KEEP,
  resourceVersion: KEEP,
  generation: KEEP,
  creationTimestamp: KEEP,
  deletionTimestamp: KEEP,
  deletionGracePeriodSeconds: KEEP,
  labels: KEEP,
  annotations: withoutLastApplied,
  ownerReferences: KEEP,
  finalizers: KEEP,
  managedFields: DROP,
};

/** Which finalizers a manager has set, and whether it wrote what only a creation can write; nothing else. */
function onlyTelling(fieldsV1: NonNullable<Json>): NonNullable<Json> | undefined {
  const finalizers = finalizerFields(fieldsV1);
  const created = isCreators(fieldsV1);
  if (finalizers === undefined && !created) return undefined;
  return {
    ...(finalizers === undefined ? {} : { 'f:metadata': { 'f:finalizers': finalizers } }),
    ...(created ? { 'f:spec': { 'f:accessModes': {} } } : {}),
  };
}

const MANAGER: Shape<ManagedFieldsEntry> = {
  manager: KEEP,
  operation: KEEP,
  apiVersion: DROP,
  time: KEEP,
  fieldsType: DROP,
  fieldsV1: onlyTelling,
  subresource: KEEP,
};

/** The fields that all objects have; items of a list come without kind and apiVersion, so nobody relies on them. */
export const OBJECT: Shape<KubeObject> = { apiVersion: DROP, kind: DROP, metadata: shaped(META) };

/** The same with the managers of its fields: who wrote, how and when, and which finalizers. */
export const OBJECT_WITH_MANAGERS: Shape<KubeObject> = {
  ...OBJECT,
  metadata: shaped<ObjectMeta>({ ...META, managedFields: each(shaped(MANAGER)) }),
};

/** The same with those managers alone that have set finalizers. */
export const OBJECT_WITH_FINALIZERS: Shape<KubeObject> = {
  ...OBJECT,
  metadata: shaped<ObjectMeta>({ ...META, managedFields: withFinalizers }),
};

function withFinalizers(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] | undefined {
  const those = entries.filter(({ fieldsV1 }) => finalizerFields(fieldsV1) !== undefined);
  return those.length === 0 ? undefined : those.map(shaped(MANAGER));
}

/** An object as it is, less the weight of its metadata. */
export function lighten<T extends KubeObject>(raw: T): T {
  return { ...raw, metadata: shaped(META)(raw.metadata) };
}

export const conditions = each(
  shaped<ObjectCondition>({ type: KEEP, status: KEEP, reason: KEEP, message: KEEP, lastTransitionTime: KEEP }),
);

function withoutLastApplied(annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (annotations[LAST_APPLIED] === undefined) return annotations;
  const { [LAST_APPLIED]: _dropped, ...others } = annotations;
  return others;
}
