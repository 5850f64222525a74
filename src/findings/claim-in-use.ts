import { claimsOf, claimsUsedBy } from '../domain/claims.ts';
import type { Pod } from '../domain/kube.ts';
import { isControlledBy } from '../domain/members.ts';
import type { Check } from './check.ts';
import { known, kubectl, seen, subjectOf } from './draft.ts';

/**
 * A claim that is to be destroyed is mounted by a Pod that is no member: a backup, a migration, a released member. The
 * deletion would wait for that Pod (kubernetes.io/pvc-protection) and then take the data that it works on.
 */
export const claimInUse: Check = {
  id: 'claim-in-use',
  title: 'A PVC that is to be deleted is mounted by another Pod',
  meaning:
    'With --delete-claims: a Pod that is no member mounts the PVC, running, ended or terminating. The deletion would wait until that Pod is gone, and then destroy what it works on.',
  remedy: 'Let that Pod end, and delete it; then only the StatefulSet uses the PVC.',
  source: 'kubernetes.io/pvc-protection; pkg/controller/volume/pvcprotection',
  override: 'never',
  needs: ['set', 'pods', 'claims'],
  further: { slices: ['namespacePods'], wanted: (_, { destroysClaims }) => (destroysClaims === true ? ['namespacePods'] : []) },
  run(snapshot, { set, destroysClaims }) {
    if (destroysClaims !== true) return [];
    const pods = known(snapshot, 'pods') ?? [];
    const strangers = (known(snapshot, 'namespacePods') ?? []).filter((pod) => !isControlledBy(pod, set.metadata.uid));
    const users = Map.groupBy(
      strangers.flatMap((pod) => claimsUsedBy(pod).map((name): readonly [string, Pod] => [name, pod])),
      ([name]) => name,
    );
    return claimsOf(set, pods, known(snapshot, 'claims') ?? []).flatMap(({ claim }) =>
      (users.get(claim.metadata.name) ?? []).map(([name, { metadata, status }]) => ({
        grade: 'proven' as const,
        subject: subjectOf('persistentvolumeclaim', claim),
        message: `${name} is mounted by Pod ${metadata.name} (${status.phase ?? 'phase unknown'}), which is no member of ${set.metadata.name}`,
        evidence: [seen(`pod/${metadata.name}`, 'spec.volumes[].persistentVolumeClaim.claimName', name)],
        remedies: [kubectl('get', ['pod', metadata.name, '-o', 'wide'], 'what it is; its work must be over first')],
      })),
    );
  },
};
