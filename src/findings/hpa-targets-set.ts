import { autoscales, isAsleep, isMadeByKeda, minReplicasOf } from '../domain/autoscaling.ts';
import type { Autoscaler } from '../domain/kube.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { known, mergePatch, seen, subjectOf } from './draft.ts';
import { beforeOf, targetOf } from './members.ts';

/** An HPA drives this set and would put its own number back. */
export const hpaTargetsSet: Check<OfSet> = {
  id: 'hpa-targets-set',
  title: 'A HorizontalPodAutoscaler drives the set',
  meaning:
    'It writes its own number of replicas every few seconds, so members come back while others are being removed. Setting both directions of its behavior to Disabled is not enough: it still raises to minReplicas and lowers to maxReplicas. It rests only at 0 members, and not even there with minReplicas 0. During a rollout, Pods that it adds above the partition start on the new revision.',
  remedy: 'Note what it has now, set minReplicas to 1 and both selectPolicies to Disabled, and put it back afterwards.',
  source: 'pkg/controller/podautoscaler/horizontal.go (reconcileAutoscaler); seen on 1.36',
  override: 'allow',
  needs: ['hpas'],
  run(snapshot, intent) {
    return (known(snapshot, 'hpas') ?? [])
      .filter((hpa) => autoscales(hpa, intent.set.metadata.name) && !isMadeByKeda(hpa))
      .filter((hpa) => !isAsleep(hpa, targetOf(intent), highestOf(intent)))
      .map((hpa) => draftOf(hpa, intent));
  },
};

function draftOf(hpa: Autoscaler, intent: OfSet): Draft {
  const { name } = hpa.metadata;
  const object = `horizontalpodautoscaler/${name}`;
  const { maxReplicas, behavior, scaleTargetRef } = hpa.spec;
  const bounds = `${minReplicasOf(hpa)} to ${maxReplicas}`;
  return {
    grade: 'proven',
    subject: subjectOf('horizontalpodautoscaler', hpa),
    message: conflictInWords(name, bounds, intent),
    evidence: [
      seen(object, 'spec.scaleTargetRef', `${scaleTargetRef.kind}/${scaleTargetRef.name}`),
      seen(object, 'spec.minReplicas', minReplicasOf(hpa)),
      seen(object, 'spec.maxReplicas', maxReplicas),
      seen(object, 'spec.behavior.scaleUp.selectPolicy', behavior?.scaleUp?.selectPolicy),
      seen(object, 'spec.behavior.scaleDown.selectPolicy', behavior?.scaleDown?.selectPolicy),
    ],
    remedies: intent.operation === undefined ? [] : [mergePatch('horizontalpodautoscaler', name, asleep(hpa, intent), SAVE_FIRST)],
  };
}

function conflictInWords(name: string, bounds: string, intent: OfSet): string {
  const keeps = `HPA ${name} keeps ${intent.set.metadata.name} at ${bounds} members`;
  if (intent.operation === undefined) return `${keeps} and overrides every other number`;
  if (intent.rollsOut === undefined) return `${keeps} and would fight a change to ${targetOf(intent)}`;
  return `${keeps}, and Pods that it adds above the partition start on the new revision`;
}

const SAVE_FIRST = 'note what it has now and put it back afterwards; Disabled alone still raises to minReplicas';

/** The most members there are on the way. */
function highestOf(intent: OfSet): number {
  return Math.max(beforeOf(intent), targetOf(intent));
}

/** behavior Disabled in both directions, and bounds that have no reason to act on the way (horizontal.go). */
function asleep(hpa: Autoscaler, intent: OfSet): object {
  const highest = Math.max(highestOf(intent), 1);
  return {
    spec: {
      minReplicas: 1,
      ...(hpa.spec.maxReplicas < highest ? { maxReplicas: highest } : {}),
      behavior: { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } },
    },
  };
}
