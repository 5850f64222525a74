import { autoscales, isKedaPaused, isMadeByKeda, kedaScales } from '../domain/autoscaling.ts';
import type { Autoscaler, ScaledObject } from '../domain/kube.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { known, kubectl, seen, subjectOf } from './draft.ts';
import { targetOf } from './members.ts';

/**
 * KEDA drives this set: a ScaledObject, or, where those may not be read, an HPA that KEDA made. Unlike an HPA it does
 * not rest at 0 members.
 */
export const kedaTargetsSet: Check<OfSet> = {
  id: 'keda-targets-set',
  title: 'KEDA drives the set',
  meaning:
    'A ScaledObject, or an HPA that KEDA made, scales this set by its triggers. Unlike a plain HPA it does not rest at 0 members: it wakes the set from there. An HPA of KEDA’s is not the one to change, KEDA puts it back. paused-replicas pauses at its own number, and scales there first.',
  remedy: 'Annotate the ScaledObject with autoscaling.keda.sh/paused=true, and take that off afterwards.',
  source: 'KEDA documentation, "Pausing autoscaling"',
  override: 'allow',
  needs: ['scaledObjects', 'hpas'],
  run(snapshot, intent) {
    const { name } = intent.set.metadata;
    const objects = (known(snapshot, 'scaledObjects') ?? []).filter((object) => kedaScales(object, name));
    if (objects.length > 0)
      return objects.filter((object) => !isKedaPaused(object, targetOf(intent))).map((object) => fromObject(object, intent));
    return (known(snapshot, 'hpas') ?? []).filter((hpa) => autoscales(hpa, name) && isMadeByKeda(hpa)).map((hpa) => fromHpa(hpa, intent));
  },
};

function fromObject(object: ScaledObject, { set, operation }: OfSet): Draft {
  const seenAt = `scaledobject/${object.metadata.name}`;
  const annotations = object.metadata.annotations ?? {};
  const pausedAt = annotations['autoscaling.keda.sh/paused-replicas'];
  const does = pausedAt === undefined ? 'scales it by its triggers, from 0 too' : `is paused at ${pausedAt} members and would return there`;
  return {
    grade: 'proven',
    subject: subjectOf('scaledobject', object),
    message: `KEDA's ScaledObject ${object.metadata.name} drives ${set.metadata.name}: it ${does}`,
    evidence: [
      seen(seenAt, 'spec.scaleTargetRef', `${object.spec.scaleTargetRef?.kind}/${object.spec.scaleTargetRef?.name}`),
      seen(seenAt, 'metadata.annotations[autoscaling.keda.sh/paused]', annotations['autoscaling.keda.sh/paused']),
      seen(seenAt, 'metadata.annotations[autoscaling.keda.sh/paused-replicas]', pausedAt),
    ],
    remedies: operation === undefined ? [] : [pause(object.metadata.name, pausedAt !== undefined)],
  };
}

/** `paused-replicas` wins over `paused`, so it has to go in the same call. */
function pause(name: string, unpin: boolean) {
  const changes = ['autoscaling.keda.sh/paused=true', ...(unpin ? ['autoscaling.keda.sh/paused-replicas-'] : []), '--overwrite'];
  return kubectl('annotate', ['scaledobject', name, ...changes], 'and take the annotation off afterwards');
}

function fromHpa(hpa: Autoscaler, { set, operation }: OfSet): Draft {
  const seenAt = `horizontalpodautoscaler/${hpa.metadata.name}`;
  const owner =
    hpa.metadata.ownerReferences?.find(({ kind }) => kind === 'ScaledObject')?.name ?? hpa.metadata.name.replace(/^keda-hpa-/, '');
  return {
    grade: 'likely',
    subject: subjectOf('horizontalpodautoscaler', hpa),
    message: `HPA ${hpa.metadata.name} was made by KEDA and drives ${set.metadata.name}; its ScaledObject was not seen`,
    evidence: [seen(seenAt, 'spec.scaleTargetRef', `${hpa.spec.scaleTargetRef.kind}/${hpa.spec.scaleTargetRef.name}`)],
    remedies: operation === undefined ? [] : [pause(owner, false)],
  };
}
