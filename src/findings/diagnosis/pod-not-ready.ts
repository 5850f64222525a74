import type { Pod } from '../../domain/kube.ts';
import { notReadySince, whyNotReady } from '../../domain/readiness.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady, wantsPodEvents, warningsOf } from './pods.ts';

/** A start may take so long, and a Pod that was Ready may stumble. */
const STARTING_MS = 10 * 60 * 1000;
const STUMBLING_MS = 30 * 1000;

/** Its containers run, and nothing of the known reasons applies: it says itself that it is not ready. */
export const podNotReady: Diagnosis = {
  id: 'pod-not-ready',
  title: 'A Pod runs and is not Ready',
  meaning:
    'The containers run, and the readiness probe fails. The application says that it does not serve: it is still starting, has lost its peers or its quorum, or waits for them. An OrderedReady controller does nothing else until this Pod is Ready.',
  remedy: 'Read the log of the Pod, and what its readiness probe answers. If it waits for peers, run peers.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (processReplica)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  further: {
    slices: ['podEvents'],
    wanted: (snapshot) => (wantsPodEvents(snapshot) ? ['podEvents'] : []),
  },
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      if (!isLate(pod, snapshot.now)) return [];
      const { name } = pod.metadata;
      const probe = warningsOf(pod, 'Unhealthy', snapshot).find(({ message }) => message?.startsWith('Readiness probe') === true)?.message;
      const said = probe === undefined ? '' : `: ${brief(probe)}`;
      return [
        {
          grade: 'likely',
          subject: subjectOf('pod', pod),
          message: `Pod ${name} is not Ready (${whyNotReady(pod, snapshot.now).join(', ')})${said}`,
          evidence: [
            seen(`pod/${name}`, 'status.conditions[Ready]', 'False'),
            ...(probe === undefined ? [] : [seen(`pod/${name}`, 'event[Unhealthy]', brief(probe))]),
          ],
          remedies: [
            kubectl('logs', [name, '--all-containers', '--tail=50'], 'what it prints'),
            kubectl('describe', ['pod', name], 'its probes and events'),
          ],
          pods: [name],
        },
      ];
    }),
  ),
};

/** Longer than a start takes; or it has been Ready before. */
export function isLate(pod: Pod, now: number): boolean {
  const since = now - (notReadySince(pod) ?? now);
  const age = now - Date.parse(pod.metadata.creationTimestamp ?? '');
  return since >= STARTING_MS || (age >= STARTING_MS && since >= STUMBLING_MS);
}
