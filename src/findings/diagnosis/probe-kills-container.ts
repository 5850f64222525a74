import type { Container, CoreEvent, Pod, Probe, StatefulSet } from '../../domain/kube.ts';
import { kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, containersOf, logs, podsNotReady, type SeenContainer, wantsPodEvents, warningsOf } from './pods.ts';

const KILLS = /^(Startup|Liveness) probe (?:failed|errored)/;

/** Signature 39: the start takes longer than the probe allows, or the container answers too late. */
export const probeKillsContainer: Diagnosis = {
  id: 'probe-kills-container',
  title: 'A startup or liveness probe restarts a container',
  meaning:
    'The kubelet kills and restarts a container that fails its startup or liveness probe. When the start takes longer than the probe allows (a database that replays its log, for example), every start is cut off, and the container never becomes Ready.',
  remedy: 'Allow more time: raise failureThreshold of the startup probe, or add one. The template change starts a rollout.',
  source: 'kubernetes.io: Configure Liveness, Readiness and Startup Probes; pkg/kubelet/prober',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  further: {
    slices: ['podEvents'],
    wanted: (snapshot) => (wantsPodEvents(snapshot) ? ['podEvents'] : []),
  },
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const restarted = containersOf(pod).filter(({ status }) => status.restartCount > 0 && ended(status) !== 'OOMKilled');
      const event = warningsOf(pod, 'Unhealthy', snapshot).find(({ message }) => KILLS.test(message ?? ''));
      const [container] = restarted;
      return event === undefined || container === undefined ? [] : [draftOf(set, pod, container, event)];
    }),
  ),
};

function ended({ state, lastState }: SeenContainer['status']): string | undefined {
  return (state?.terminated ?? lastState?.terminated)?.reason;
}

function draftOf(set: StatefulSet, pod: Pod, { status, field }: SeenContainer, { message = '' }: CoreEvent): Diagnosed {
  const { name } = pod.metadata;
  const probe = (KILLS.exec(message)?.[1] ?? '').toLowerCase();
  const times = status.restartCount === 1 ? '1 restart' : `${status.restartCount} restarts`;
  return {
    grade: 'likely',
    subject: subjectOf('pod', pod),
    message: `container ${status.name} of Pod ${name} is restarted by its ${probe} probe (${times}): ${brief(message)}`,
    evidence: [seen(`pod/${name}`, `${field}.restartCount`, status.restartCount), seen(`pod/${name}`, 'event[Unhealthy]', brief(message))],
    remedies: [...moreTime(set, status.name), logs(pod, status.name, true)],
    pods: [name],
  };
}

/** Probes are tried every 10 s, and three times, where nothing else is said; ten minutes are enough for most. */
const PATIENCE_SECONDS = 600;

/** The startup probe with more patience; where there is none, one like the liveness probe. */
function moreTime({ metadata, spec }: StatefulSet, name: string): Diagnosed['remedies'] {
  const container = spec.template.spec.containers.find((one) => one.name === name);
  const probe = container?.startupProbe ?? container?.livenessProbe;
  if (container === undefined || probe === undefined) return [];
  const patch = { spec: { template: { spec: { containers: [{ name, startupProbe: patient(container, probe) }] } } } };
  const why = 'allows ten minutes or more for the start; this starts a rollout';
  return [kubectl('patch', ['statefulset', metadata.name, '-p', JSON.stringify(patch)], why)];
}

function patient({ startupProbe }: Container, probe: Probe): Probe {
  const period = probe.periodSeconds ?? 10;
  const failureThreshold = Math.max(2 * (probe.failureThreshold ?? 3), Math.ceil(PATIENCE_SECONDS / period));
  // A strategic patch keeps what the probe asks, where it is there.
  return startupProbe === undefined ? { ...probe, failureThreshold } : { failureThreshold };
}
