import { claimsOf, retentionOf, type SetClaim } from '../domain/claims.ts';
import type { Check, Draft, Intent } from './check.ts';
import { count, known, kubectl, mergePatch, names, seen, subjectOf } from './draft.ts';

/**
 * The claims of the members that leave would go with them: by the policy whenScaled: Delete (the controller makes the
 * Pod their owner right before it deletes it, KEP-1847), or because such an owner reference is there already.
 */
export const claimsDeletedOnScaleDown: Check = {
  id: 'claims-deleted-on-scale-down',
  title: 'PVCs would be deleted with the members that leave',
  meaning:
    'With whenScaled: Delete the controller makes the Pod the owner of its PVCs right before it deletes it, and the garbage collector takes the PVCs; dynamically provisioned volumes are then destroyed. A PVC that a Pod owns already is deleted the same way whatever the policy says now.',
  remedy: 'Set whenScaled to Retain while the members still run: only then does the controller take its references off.',
  source: 'KEP-1847; pkg/controller/statefulset/stateful_set_utils.go (isClaimOwnerUpToDate)',
  override: 'allow',
  needs: ['set', 'pods', 'claims'],
  run(snapshot, intent) {
    const { set, leaving } = intent;
    const claims = claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []).filter(
      ({ ordinal }) => ordinal !== undefined && leaving.includes(ordinal),
    );
    const { whenScaled } = retentionOf(set);
    const doomed = whenScaled === 'Delete' ? claims : claims.filter((claim) => podOwners(claim).length > 0);
    return doomed.length === 0 ? [] : [draftOf(intent, doomed)];
  },
};

function podOwners({ claim }: SetClaim) {
  return (claim.metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Pod');
}

function draftOf({ set }: Intent, doomed: readonly SetClaim[]): Draft {
  const { whenScaled } = retentionOf(set);
  const object = `statefulset/${set.metadata.name}`;
  const field = 'spec.persistentVolumeClaimRetentionPolicy.whenScaled';
  const because = whenScaled === 'Delete' ? 'whenScaled is Delete' : 'a member owns them, although whenScaled is Retain';
  return {
    grade: 'proven',
    subject: subjectOf('statefulset', set),
    message: `${count(doomed.length, 'PVC')} would be deleted with the members that leave, for ${because}: ${names(doomed.map(({ claim }) => claim.metadata.name))}`,
    evidence: [
      seen(object, field, whenScaled),
      ...doomed.map((item) =>
        seen(
          `persistentvolumeclaim/${item.claim.metadata.name}`,
          'metadata.ownerReferences[Pod]',
          podOwners(item)
            .map(({ name }) => name)
            .join(', ') || undefined,
        ),
      ),
    ],
    remedies: whenScaled === 'Delete' ? [keepClaims(set.metadata.name)] : doomed.map(strip),
  };
}

function keepClaims(name: string) {
  const patch = { spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Retain' } } };
  return mergePatch('statefulset', name, patch, 'while the members still run, so that the controller takes its references off');
}

/** Under Retain the controller does not put it back. */
function strip({ claim: { metadata } }: SetClaim) {
  const ops = [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'remove', path: '/metadata/ownerReferences' },
  ];
  return kubectl('patch', ['persistentvolumeclaim', metadata.name, '--type', 'json', '-p', JSON.stringify(ops)], 'take the owner off');
}
