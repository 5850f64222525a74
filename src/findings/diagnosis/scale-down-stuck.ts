import { nextScaleDown } from '../../domain/controller.ts';
import { explainStaying } from '../../domain/explain.ts';
import { whyBroken } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { type Member, membersOf } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { whyUncreatable } from '../../domain/uncreatable.ts';
import { known, kubectl, operationToRun, seen, subjectOf } from '../draft.ts';
import { healthEvidence } from '../members.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signatures 9, 10 and 11: Pods beyond the replica count stay, and the controller does not say why. */
export const scaleDownStuck: Diagnosis = {
  id: 'scale-down-stuck',
  title: 'A scale-down does not progress',
  meaning:
    'Pods beyond the replica count are still there, and by its own rules the controller will not delete them: an OrderedReady controller waits for each other Pod to be Ready, and of two Pods that are not Ready it deletes neither; a Parallel one stops when a Pod cannot be created. It reports this by neither an event nor a condition.',
  remedy: 'Heal the Pod that it waits for, or delete the Pod that is beyond the replica count: it is not created again.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (processCondemned); #140858',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'events'],
  run: ofSet((set, snapshot) => {
    const pods = known(snapshot, 'pods') ?? [];
    const highest = membersOf(set, pods).findLast(({ inRange, pod }) => !inRange && pod !== undefined);
    const why =
      highest === undefined || highest.pod?.metadata.deletionTimestamp !== undefined
        ? undefined
        : explainStaying(set, highest.name, snapshot);
    if (highest === undefined || why === undefined || !isHopeless(set, pods, snapshot)) return [];
    const object = `statefulset/${set.metadata.name}`;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: why,
        evidence: [
          seen(object, 'spec.replicas', replicasOf(set)),
          ...healthEvidence(highest, 0, snapshot.now),
          seen(`pod/${highest.name}`, 'metadata.name', highest.name),
        ],
        remedies: [
          operationToRun('scale', set.metadata.name, { replicas: replicasOf(set) }, 'removes them one at a time'),
          kubectl('delete', ['pod', highest.name, '--wait=false'], 'or by hand, the highest first: it is not created again'),
        ],
      },
    ];
  }),
};

/** What blocks will not pass by itself. */
function isHopeless(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): boolean {
  const act = nextScaleDown(set, pods, snapshot.now);
  if (act.kind !== 'blocked') return act.kind === 'deletes';
  const { pod, name }: Member = act.by;
  if (pod !== undefined) return whyBroken(pod, snapshot.now) !== undefined;
  return whyUncreatable(set, name, pods, known(snapshot, 'events') ?? [], snapshot.now) !== undefined;
}
