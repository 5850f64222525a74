import type { KubeObject, ManagedFieldsEntry, ObjectCondition, ObjectMeta } from '../../domain/kube.ts';
import { DROP, each, KEEP, type Shape, shaped } from './shape.ts';

/** kubectl apply's copy of the whole object: as large as the object, and never used. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

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

/** The fields that all objects have; items of a list come without kind and apiVersion, so nobody relies on them. */
export const OBJECT: Shape<KubeObject> = { apiVersion: DROP, kind: DROP, metadata: shaped(META) };

/** The same with the managers of its fields: who wrote, how and when, without which fields. */
export const OBJECT_WITH_MANAGERS: Shape<KubeObject> = {
  ...OBJECT,
  metadata: shaped<ObjectMeta>({
    ...META,
    managedFields: each(
      shaped<ManagedFieldsEntry>({
        manager: KEEP,
        operation: KEEP,
        apiVersion: DROP,
        time: KEEP,
        fieldsType: DROP,
        fieldsV1: DROP,
        subresource: KEEP,
      }),
    ),
  }),
};

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
