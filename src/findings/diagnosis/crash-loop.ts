import type { ContainerState, ContainerStatus, Pod, StatefulSet } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, containersOf, logs, podsNotReady, type SeenContainer, wayBack } from './pods.ts';

/** Signatures 3 and 38: a container, or an init container, ends again and again by itself. */
export const crashLoop: Diagnosis = {
  id: 'crash-loop',
  title: 'A container crashes again and again',
  meaning:
    'A container of the Pod ends soon after each start, and the kubelet waits longer each time before it starts it again, up to five minutes. Why it ends, only its log can say: a wrong configuration, data that it cannot read, or a peer that it cannot find.',
  remedy:
    'Read what the container printed before it ended. If a new revision is the reason, restore the previous revision with rollout abort.',
  source: 'kubernetes.io: Pod Lifecycle (CrashLoopBackOff)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  isSymptom: true,
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const crashing = containersOf(pod).find(({ status }) => crashes(status, snapshot.now));
      return crashing === undefined ? [] : [draftOf(set, pod, crashing, snapshot)];
    }),
  ),
};

/** Only after so long without a crash the kubelet begins its back-off anew (kuberuntime, MaxContainerBackOff, twice). */
const FORGIVEN_MS = 10 * 60 * 1000;

/** It waits for its next start, has just ended once more, or runs for a moment between two crashes. */
function crashes({ state, lastState, restartCount }: ContainerStatus, now: number): boolean {
  const { waiting, terminated, running } = state ?? {};
  if (waiting !== undefined) return waiting.reason === 'CrashLoopBackOff';
  if (terminated !== undefined) return terminated.exitCode !== 0 && restartCount > 0;
  return running !== undefined && restartCount > 1 && hasFailed(lastState?.terminated, now - FORGIVEN_MS);
}

function hasFailed(end: ContainerState['terminated'], since: number): boolean {
  return end !== undefined && end.exitCode !== 0 && Date.parse(end.finishedAt ?? '') > since;
}

function draftOf(set: StatefulSet, pod: Pod, { status, field }: SeenContainer, snapshot: Snapshot): Diagnosed {
  const { name } = pod.metadata;
  const last = status.state?.terminated ?? status.lastState?.terminated;
  const times = status.restartCount === 1 ? '1 restart' : `${status.restartCount} restarts`;
  const code = last === undefined ? '' : `exit code ${last.exitCode}, `;
  const said = last?.message === undefined ? '' : `: ${brief(last.message)}`;
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `container ${status.name} of Pod ${name} crashes again and again (${code}${times})${said}`,
    evidence: [
      seen(`pod/${name}`, `${field}.restartCount`, status.restartCount),
      ...(last === undefined ? [] : [seen(`pod/${name}`, `${field}.lastState.terminated.exitCode`, last.exitCode)]),
    ],
    remedies: [...wayBack(set, pod, snapshot), logs(pod, status.name, true)],
    pods: [name],
  };
}
