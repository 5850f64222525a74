import { conditionOf } from '../../domain/readiness.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady, schedulerWords } from './pods.ts';

/** Signature 28: the scheduler finds no node. What it says of volumes has a diagnosis of its own. */
export const podUnschedulable: Diagnosis = {
  id: 'pod-unschedulable',
  title: 'No node can take a Pod',
  meaning:
    'The scheduler finds no node for the Pod: not enough CPU or memory, taints that it does not tolerate, or required affinity that no node satisfies. It tries again whenever nodes or Pods change. An OrderedReady controller creates no Pod above it in the meantime.',
  remedy: 'Add or uncordon a node, free resources, or relax what the Pod template requires.',
  source: 'kubernetes.io: Kubernetes Scheduler; status.conditions[PodScheduled]',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const { name } = pod.metadata;
      const scheduled = conditionOf(pod, 'PodScheduled');
      if (scheduled?.status !== 'False') return [];
      const gates = (pod.spec.schedulingGates ?? []).map((gate) => gate.name);
      const why = gates.length > 0 ? `scheduling gate ${gates.join(', ')} is set` : schedulerWords(scheduled);
      return [
        {
          grade: 'proven',
          subject: subjectOf('pod', pod),
          message: `no node can take Pod ${name}: ${why || (scheduled.reason ?? 'not scheduled')}`,
          evidence: [
            seen(`pod/${name}`, 'status.conditions[PodScheduled].reason', scheduled.reason),
            seen(`pod/${name}`, 'status.conditions[PodScheduled].message', brief(scheduled.message ?? '', 300) || undefined),
          ],
          remedies: [
            kubectl('get', ['nodes'], 'which nodes there are, and which of them are cordoned'),
            kubectl('describe', ['pod', name], 'what it requires'),
          ],
          pods: [name],
        },
      ];
    }),
  ),
};
