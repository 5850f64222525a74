import type { Claim, StatefulSet } from '../../../src/domain/kube.ts';
import type { Slices, Snapshot } from '../../../src/domain/snapshot.ts';
import { lookAtPvcs } from '../../../src/pvcs/look.ts';
import type { Pvc } from '../../../src/pvcs/pvc.ts';
import { type ClaimOptions, claimOf, metaOf, setOf, snapshotOf, volumeOf } from '../../support/objects.ts';

/** managedFields as the API server writes them for whoever created the PVC. */
export const createdBy = (manager: string): Partial<Claim['metadata']> => ({
  managedFields: [
    { manager, operation: 'Update', fieldsV1: { 'f:spec': { 'f:accessModes': {} } } },
    // The PV controller writes every PVC that it binds.
    { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:status': { 'f:phase': {} } }, subresource: 'status' },
  ],
});

export const controller = createdBy('kube-controller-manager');

/** A PVC that the StatefulSet controller made for this ordinal. */
export function made(set: StatefulSet, ordinal: number, over: ClaimOptions = {}): Claim {
  return claimOf(set, ordinal, { ...over, metadata: { ...controller, ...over.metadata } });
}

/** A PVC of any name and creator. */
export function named(name: string, metadata: Partial<Claim['metadata']> = controller, spec: Partial<Claim['spec']> = {}): Claim {
  const claim = claimOf(setOf(), 0, { spec: { volumeName: `pv-${name}`, ...spec } });
  return { ...claim, metadata: { ...metaOf('claim', name), ...metadata } };
}

type Around = { readonly [K in keyof Slices]?: Snapshot['slices'][K] | Slices[K] };

/** Everything read, and nothing there but what is said. */
export function around(slices: Around): Snapshot {
  const { claims = [] } = slices as { readonly claims?: readonly Claim[] };
  const none = {
    sets: [],
    namespacePods: [],
    attachments: [],
    snapshots: [],
    workloads: [],
    kin: [],
    savedSets: [],
    hpas: [],
    scaledObjects: [],
  };
  return snapshotOf({ ...none, volumes: claims.map((claim) => volumeOf(claim)), ...slices });
}

/** The one PVC of this name in a look. */
export function classOf(name: string, slices: Around): Pvc {
  const pvc = lookAtPvcs(around(slices)).items.find((item) => item.name === name);
  if (pvc === undefined) throw new Error(`no PVC ${name}`);
  return pvc;
}
