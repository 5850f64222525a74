import { claimsOf, dangerousOwners, isLeftToCollector, retentionOf } from '../../domain/claims.ts';
import type { OwnerReference, StatefulSet } from '../../domain/kube.ts';
import { count, known, mergePatch, names, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 22: PVCs that end with the set, or with a Pod that a scale-down removes. */
export const claimOwned: Diagnosis = {
  id: 'claim-owned',
  title: 'PVCs are deleted with the StatefulSet or with its Pods',
  meaning:
    'The PVCs have an owner reference to the StatefulSet (whenDeleted: Delete) or to a Pod (whenScaled: Delete): the garbage collector deletes them with their owner, and with reclaim policy Delete their data. A change of the policy removes the references only of Pods that exist: after a scale to 0 it is too late.',
  remedy: 'If that is not meant, set the policy to Retain while the Pods exist.',
  source: 'KEP-1847; pkg/controller/statefulset/stateful_set_utils.go (isClaimOwnerUpToDate); seen on 1.36',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods', 'claims'],
  run: ofSet((set, snapshot) => {
    const pods = known(snapshot, 'pods');
    if (pods === undefined) return [];
    const owned = claimsOf(set, pods, known(snapshot, 'claims') ?? [])
      .map(({ claim }) => ({ claim, owners: dangerousOwners(claim, set) }))
      .filter(({ claim, owners }) => owners.length > 0 && !isLeftToCollector(claim, set, pods));
    if (owned.length === 0) return [];
    const object = `statefulset/${set.metadata.name}`;
    const { whenDeleted, whenScaled } = retentionOf(set);
    const owners = owned.flatMap((one) => one.owners);
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${count(owned.length, 'PVC')} of ${set.metadata.name} (${names(owned.map(({ claim }) => claim.metadata.name))}) would be deleted ${withWhat(owners)}`,
        evidence: [
          seen(object, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted', whenDeleted),
          seen(object, 'spec.persistentVolumeClaimRetentionPolicy.whenScaled', whenScaled),
          ...owned.map((one) =>
            seen(
              `persistentvolumeclaim/${one.claim.metadata.name}`,
              'metadata.ownerReferences',
              one.owners.map(({ kind, name }) => `${kind}/${name}`).join(', '),
            ),
          ),
        ],
        remedies: keep(set),
      },
    ];
  }),
};

function withWhat(owners: readonly OwnerReference[]): string {
  const kinds = new Set(owners.map(({ kind }) => kind));
  return [...(kinds.has('StatefulSet') ? ['with the StatefulSet'] : []), ...(kinds.has('Pod') ? ['with their Pods'] : [])].join(' and ');
}

function keep(set: StatefulSet): Diagnosed['remedies'] {
  const { whenDeleted, whenScaled } = retentionOf(set);
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return [];
  const patch = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } } };
  return [mergePatch('statefulset', set.metadata.name, patch, 'while the Pods exist: the controller then removes the references')];
}
