import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { parseQuantity } from '../../domain/quantity.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { containersOf, logs, podsNotReady, type SeenContainer, wayBack } from './pods.ts';

/** Signature 39: the kernel killed a container at its memory limit. */
export const outOfMemory: Diagnosis = {
  id: 'out-of-memory',
  title: 'A container is killed because it needs more memory than its limit',
  meaning:
    'The kernel killed the container when it reached its memory limit (OOMKilled). It is restarted with the same limit, and is killed again at the same point: a database that recovers its log after the kill often needs more memory than before.',
  remedy: 'Raise the memory limit in the Pod template, or configure the application to use less. The template change starts a rollout.',
  source: 'kubernetes.io: Assign Memory Resources to Containers and Pods',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const killed = containersOf(pod).find((one) => endedBy(one)?.reason === 'OOMKilled');
      return killed === undefined ? [] : [draftOf(set, pod, killed, wayBack(set, pod, snapshot))];
    }),
  ),
};

/** How it ended last. */
function endedBy({ status }: SeenContainer) {
  return status.state?.terminated ?? status.lastState?.terminated;
}

function draftOf(set: StatefulSet, pod: Pod, killed: SeenContainer, back: Diagnosed['remedies']): Diagnosed {
  const { name } = pod.metadata;
  const { status, field } = killed;
  const limit = memoryLimit(set, status.name);
  const times = status.restartCount === 1 ? '1 restart' : `${status.restartCount} restarts`;
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `container ${status.name} of Pod ${name} was killed at its memory limit${limit === undefined ? '' : ` of ${limit}`} (OOMKilled, ${times})`,
    evidence: [
      seen(`pod/${name}`, `${field}.${status.state?.terminated === undefined ? 'lastState' : 'state'}.terminated.reason`, 'OOMKilled'),
      seen(`pod/${name}`, `${field}.restartCount`, status.restartCount),
      seen(`statefulset/${set.metadata.name}`, `spec.template.spec.containers[${status.name}].resources.limits.memory`, limit),
    ],
    remedies: [...back, ...raise(set, status.name, limit), logs(pod, status.name, true)],
    pods: [name],
  };
}

/** The template's, which is what the next Pod gets. */
function memoryLimit({ spec }: StatefulSet, container: string): string | undefined {
  const found = spec.template.spec.containers.find(({ name }) => name === container);
  return found?.resources?.limits?.['memory'];
}

const MEBI = parseQuantity('1Mi') ?? 1n;

/** Twice as much, for a beginning. */
function raise({ metadata }: StatefulSet, container: string, limit: string | undefined): Diagnosed['remedies'] {
  const bytes = parseQuantity(limit ?? '');
  if (bytes === undefined || bytes === 0n) return [];
  const doubled = `${(2n * bytes) / MEBI || 1n}Mi`;
  return [
    kubectl(
      'set resources',
      ['statefulset', metadata.name, '-c', container, `--limits=memory=${doubled}`],
      'twice the memory; this starts a rollout',
    ),
  ];
}
