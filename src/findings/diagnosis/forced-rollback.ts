import { isOrdered } from '../../domain/controller.ts';
import { healthSentence } from '../../domain/health.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import type { Member } from '../../domain/members.ts';
import { revisionOf } from '../../domain/revisions.ts';
import { isStale } from '../../domain/rollout.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { kubectl, subjectOf } from '../draft.ts';
import { healthEvidence } from '../members.ts';
import { revisionEvidence, rolloutSeen } from '../rollouts.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 2 (#67250): the template is right again, and the broken Pod of the old one is not replaced. */
export const forcedRollback: Diagnosis = {
  id: 'forced-rollback',
  title: 'A broken Pod of an older revision is not replaced',
  meaning:
    'The Pod does not become Ready, and the Pod template has changed since. An OrderedReady controller waits for the Pod to be Ready before it replaces it, so the corrected template never reaches it. Deleting the Pod lets the controller create it again from the new template; its PVC is kept.',
  remedy: 'Verify the template, then delete the Pod.',
  source: '#67250; kubernetes.io: StatefulSets, "Forced rollback"; kubectl-status has the same rule',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) => {
    const by = brokenBefore(set, snapshot);
    if (by === undefined) return [];
    const { name, pod } = by;
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `Pod ${name} of revision ${(pod && revisionOf(pod)) ?? 'unknown'} ${healthSentence(pod, minReadySeconds, snapshot.now)}, and the controller does not replace it with ${set.status.updateRevision} before it is Ready`,
        evidence: [...healthEvidence(by, minReadySeconds, snapshot.now), ...revisionEvidence(set, [by])],
        remedies: [
          kubectl('delete', ['pod', name, '--wait=false'], 'if the template is right now: the controller creates the Pod from it'),
        ],
        pods: [name],
      },
    ];
  }),
};

/** The broken Pod of an older revision that an OrderedReady controller waits for; undefined where it waits for none. */
export function brokenBefore(set: StatefulSet, snapshot: Snapshot): Member | undefined {
  const rollout = rolloutSeen(snapshot, { set });
  if (rollout?.state !== 'stuck' || !isOrdered(set) || !isStale(set, rollout.by)) return undefined;
  // One that is terminating is being replaced already.
  return rollout.by.pod?.metadata.deletionTimestamp === undefined ? rollout.by : undefined;
}
