import type { Json, StatefulSet } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import type { FieldValue } from '../../plan/action.ts';

/** The policies of a set that we create, until its fields are put back (manifest/recreate.ts). */
export const RETAIN_ALL = { whenDeleted: 'Retain', whenScaled: 'Retain' } as const;

/** As it is until its fields are put back, which is when Pods beyond the saved range have left: every PVC is retained. */
export function retaining(set: StatefulSet): StatefulSet {
  return { ...set, spec: { ...set.spec, persistentVolumeClaimRetentionPolicy: RETAIN_ALL } };
}

/** What the set was before us: the fields that a creation by us holds back (manifest/recreate.ts). */
export function fieldsToPutBack(archived: Readonly<Record<string, unknown>>): readonly FieldValue[] {
  const spec = archived['spec'] as Readonly<Record<string, Json | undefined>>;
  return [
    { path: '/spec/updateStrategy', to: spec['updateStrategy'] },
    { path: '/spec/persistentVolumeClaimRetentionPolicy', to: spec['persistentVolumeClaimRetentionPolicy'] },
    { path: '/spec/replicas', to: replicasOf(archived as unknown as StatefulSet) },
  ];
}
