import { autoscales, isAsleep, isKedaPaused, isMadeByKeda, kedaScales, minReplicasOf } from '../domain/autoscaling.ts';
import type { Check, Draft } from './check.ts';
import { known, kubectl, seen, subjectOf } from './draft.ts';
import { targetOf } from './members.ts';

/**
 * An autoscaler waits for this set. An HPA idles while there is nothing, or 0 members, and acts from the first one on;
 * KEDA also from 0.
 */
export const autoscalerWouldWake: Check = {
  id: 'autoscaler-would-wake',
  title: 'An autoscaler wakes with the restored set',
  meaning:
    'An HPA or a ScaledObject still names this set. It idles while there is none; with the first member (KEDA: at once) it sets its own number, whatever the archive says.',
  remedy: 'Pause it until the members are up, if the archived number matters.',
  source: 'pkg/controller/podautoscaler/horizontal.go; KEDA documentation',
  override: 'allow',
  needs: ['hpas', 'scaledObjects'],
  run(snapshot, intent) {
    const { name } = intent.set.metadata;
    const target = targetOf(intent);
    const hpas = (known(snapshot, 'hpas') ?? [])
      .filter((hpa) => target > 0 && autoscales(hpa, name) && !isMadeByKeda(hpa) && !isAsleep(hpa, target, target))
      .map((hpa): Draft => {
        const object = `horizontalpodautoscaler/${hpa.metadata.name}`;
        return {
          grade: 'proven',
          subject: subjectOf('horizontalpodautoscaler', hpa),
          message: `HPA ${hpa.metadata.name} wakes with the first member and keeps ${name} at ${minReplicasOf(hpa)} to ${hpa.spec.maxReplicas} members, not at the archived ${target}`,
          evidence: [seen(object, 'spec.minReplicas', minReplicasOf(hpa)), seen(object, 'spec.maxReplicas', hpa.spec.maxReplicas)],
          remedies: [kubectl('describe', ['horizontalpodautoscaler', hpa.metadata.name], 'what it would make of it')],
        };
      });
    const keda = (known(snapshot, 'scaledObjects') ?? [])
      .filter((object) => kedaScales(object, name) && !isKedaPaused(object, target))
      .map((object): Draft => {
        const min = object.spec.minReplicaCount ?? 0;
        return {
          grade: 'proven',
          subject: subjectOf('scaledobject', object),
          message: `KEDA's ScaledObject ${object.metadata.name} wakes with the set and scales ${name} by its triggers, not to the archived ${target}`,
          evidence: [seen(`scaledobject/${object.metadata.name}`, 'spec.minReplicaCount', min)],
          remedies: [
            kubectl(
              'annotate',
              ['scaledobject', object.metadata.name, 'autoscaling.keda.sh/paused=true', '--overwrite'],
              'until the members are up',
            ),
          ],
        };
      });
    return [...hpas, ...keda];
  },
};
