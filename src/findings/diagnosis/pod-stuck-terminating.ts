import { finalizersRemoved, foreignFinalizers } from '../../domain/finalizers.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, membersOf } from '../../domain/members.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';

/** More than this is seldom meant. */
const LONG_MS = 10 * 60 * 1000;

/** Signatures 13 and 14: a Pod that was told to end and is still there. One on a lost node has a diagnosis of its own. */
export const podStuckTerminating: Diagnosis = {
  id: 'pod-stuck-terminating',
  title: 'A Pod remains Terminating',
  meaning:
    'The Pod was deleted and is still there: a finalizer keeps it, its kubelet has not confirmed that the containers have ended (a process or an unmount hangs), or its grace period is long and not over. The controller creates no replacement while it is there, and an OrderedReady controller does nothing else.',
  remedy:
    'See that the owner of the finalizer runs, or repair what hangs on the node. To force the deletion is no repair: the old process may still write to the volume.',
  source: 'kubernetes.io: Force Delete StatefulSet Pods; Finalizers',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  run: ofSet((set, snapshot) =>
    membersOf(set, known(snapshot, 'pods') ?? []).flatMap(({ pod }) =>
      pod === undefined || !isTerminating(pod) ? [] : draftsOf(set, pod, snapshot.now),
    ),
  ),
};

function draftsOf(_set: StatefulSet, pod: Pod, now: number): readonly Diagnosed[] {
  const { name, deletionTimestamp } = pod.metadata;
  // It includes the grace period.
  const late = now - Date.parse(deletionTimestamp ?? '');
  const common = {
    grade: 'proven' as const,
    subject: subjectOf('pod', pod),
    evidence: [
      seen(`pod/${name}`, 'metadata.deletionTimestamp', deletionTimestamp),
      seen(`pod/${name}`, 'metadata.finalizers', foreignFinalizers(pod).join(', ') || undefined),
    ],
    pods: [name],
  };
  if (late > 0 && foreignFinalizers(pod).length > 0) {
    const why = 'who put the finalizer there, and whether that still runs';
    return [
      {
        ...common,
        message: `Pod ${name} was deleted ${roughAge(late)} ago and remains until ${finalizersRemoved(pod)}`,
        remedies: [kubectl('get', ['pod', name, '-o', 'yaml', '--show-managed-fields'], why)],
      },
    ];
  }
  if (late > 0) return [{ ...common, message: unconfirmed(pod, late), remedies: nodeRemedies(pod) }];
  if (-late < LONG_MS) return [];
  return [
    {
      ...common,
      message: `Pod ${name} is terminating and has ${roughAge(-late)} of its grace period left`,
      remedies: [kubectl('logs', [name, '--all-containers', '--tail=50'], 'what it does before it ends')],
    },
  ];
}

function unconfirmed({ metadata: { name }, spec: { nodeName } }: Pod, late: number): string {
  const node = nodeName === undefined ? 'its node' : `node ${nodeName}`;
  return `Pod ${name} is ${roughAge(late)} past the end of its grace period, and ${node} has not confirmed that its containers have ended`;
}

function nodeRemedies({ metadata: { name }, spec: { nodeName } }: Pod): Diagnosed['remedies'] {
  const describe = kubectl('describe', ['pod', name], 'its events: what the kubelet tries');
  if (nodeName === undefined) return [describe];
  const why = 'whether the node still answers';
  return [{ do: 'operation', operation: 'node check', subject: { kind: 'node', name: nodeName }, options: {}, why }, describe];
}
