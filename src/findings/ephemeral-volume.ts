import { isEphemeralVolume } from '../domain/dependents.ts';
import type { Check } from './check.ts';
import { count, names, seen, subjectOf } from './draft.ts';
import { removedWith } from './removed-with.ts';

/**
 * Generic ephemeral volumes go with their Pods, data included. That is what they are for, and every restart of such a Pod does
 * it too, so it blocks nothing and asks for no name; but it is data, so it is said.
 */
export const ephemeralVolume: Check = {
  id: 'ephemeral-volume',
  title: 'Ephemeral volumes are deleted with their Pods',
  meaning:
    'The Pod template has generic ephemeral volumes. Their PVCs belong to one Pod each and are deleted with it, data included; a new Pod gets new ones. This also happens whenever such a Pod is restarted.',
  remedy: 'Copy what must outlive the Pod, or use volumeClaimTemplates for it.',
  source: 'pkg/controller/volume/ephemeral; kubernetes.io: Ephemeral Volumes',
  override: 'allow',
  needs: ['set', 'pods', 'claims'],
  run(snapshot, intent) {
    const volumes = removedWith(snapshot, intent).filter(isEphemeralVolume);
    if (volumes.length === 0) return [];
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', intent.set),
        message: `${count(volumes.length, 'PVC')} of ephemeral volumes ${volumes.length === 1 ? 'is' : 'are'} deleted with ${volumes.length === 1 ? 'its Pod' : 'their Pods'}: ${names(volumes.map(({ name }) => name))}`,
        evidence: volumes.map(({ kind, name, owner }) =>
          seen(`${kind}/${name}`, 'metadata.ownerReferences[controller]', `Pod/${owner.name}`),
        ),
        remedies: [],
      },
    ];
  },
};
