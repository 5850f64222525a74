import type { Pod } from '../domain/kube.ts';
import type { Check, OfSet } from './check.ts';
import { count, known, mergePatch, names, seen, subjectOf } from './draft.ts';
import { leavingPods } from './members.ts';

/** Below this a database hardly flushes and hands over; the API's default is 30. */
const SHORT_SECONDS = 10;

/** Members that leave, or all that are made from the template, get less than ten seconds between SIGTERM and SIGKILL. */
export const shortGrace: Check<OfSet> = {
  id: 'short-grace',
  title: 'Members get less than ten seconds to shut down',
  meaning:
    'The grace period (terminationGracePeriodSeconds) is what a member has between SIGTERM and SIGKILL. With less than ten seconds a database hardly flushes, hands over its leadership or leaves its cluster; with 0 the Pod object is gone at once while its processes may still write to the volume.',
  remedy: 'Raise it in the template. That restarts every member, for a Pod keeps the grace that it was made with.',
  source: 'kubernetes.io: StatefulSets, "Deployment and Scaling Guarantees" (never set it to 0)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    const short = leavingPods(snapshot, intent).filter((pod) => isShort(pod.spec.terminationGracePeriodSeconds));
    const template = set.spec.template.spec.terminationGracePeriodSeconds;
    if (known(snapshot, 'pods') === undefined || (short.length === 0 && !isShort(template))) return [];
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message:
          short.length > 0
            ? podSentence(short, intent)
            : `the template of ${set.metadata.name} gives its members ${template} s to shut down`,
        evidence: [
          seen(`statefulset/${set.metadata.name}`, `spec.template.${FIELD}`, template),
          ...short.map((pod) => seen(`pod/${pod.metadata.name}`, FIELD, pod.spec.terminationGracePeriodSeconds)),
        ],
        remedies: isShort(template) ? [raise(set.metadata.name)] : [],
      },
    ];
  },
};

const FIELD = 'spec.terminationGracePeriodSeconds';

function podSentence(short: readonly Pod[], { operation }: OfSet): string {
  const seconds = Math.min(...short.map((pod) => pod.spec.terminationGracePeriodSeconds ?? 0));
  const [one, many] = operation === undefined ? ['has', 'have'] : ['that leaves has', 'that leave have'];
  const who = `${count(short.length, operation === undefined ? 'Pod' : 'member')} ${short.length === 1 ? one : many}`;
  return `${who} ${seconds} s to shut down before being killed: ${names(short.map((pod) => pod.metadata.name))}`;
}

function raise(name: string) {
  const patch = { spec: { template: { spec: { terminationGracePeriodSeconds: 30 } } } };
  return mergePatch('statefulset', name, patch, 'this restarts every member, one by one: a Pod keeps the grace it was made with');
}

function isShort(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds < SHORT_SECONDS;
}
