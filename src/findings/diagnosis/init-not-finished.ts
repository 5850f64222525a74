import { waitingInit } from '../../domain/containers.ts';
import type { ContainerStatus, Pod } from '../../domain/kube.ts';
import { conditionOf } from '../../domain/readiness.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { logs, podsNotReady } from './pods.ts';

/** Shorter than this, an init container is at work. */
const PATIENCE_MS = 2 * 60 * 1000;

/** Signature 38: an init container runs and does not end: it waits for something that does not come. */
export const initNotFinished: Diagnosis = {
  id: 'init-not-finished',
  title: 'An init container does not finish',
  meaning:
    'The containers of a Pod start only when every init container has ended well. This one has been running for minutes: it copies much data, or waits for a service, a peer or a lock that does not come.',
  remedy: 'Read its log: the last line mostly says what it waits for.',
  source: 'kubernetes.io: Init Containers',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const { name } = pod.metadata;
      const init = waitingInit(pod);
      const runsFor = snapshot.now - startOf(pod, init);
      if (init === undefined || !(runsFor >= PATIENCE_MS)) return [];
      return [
        {
          grade: 'likely',
          subject: subjectOf('pod', pod),
          message: `init container ${init.name} of Pod ${name} has been running for ${roughAge(runsFor)} and has not finished`,
          evidence: [
            seen(`pod/${name}`, 'status.conditions[Initialized]', 'False'),
            seen(`pod/${name}`, `status.initContainerStatuses[${init.name}].state.running.startedAt`, init.state?.running?.startedAt),
          ],
          remedies: [logs(pod, init.name, false)],
          pods: [name],
        },
      ];
    }),
  ),
};

/** NaN while it does not run, or the Pod is initialized. */
function startOf(pod: Pod, init: ContainerStatus | undefined): number {
  if (conditionOf(pod, 'Initialized')?.status === 'True') return Number.NaN;
  return Date.parse(init?.state?.running?.startedAt ?? '');
}
