import { finalizersRemoved, foreignFinalizers } from '../domain/finalizers.ts';
import type { Pod } from '../domain/kube.ts';
import type { Check, OfSet } from './check.ts';
import { aboutFinalizers } from './finalizers.ts';
import { leavingPods } from './members.ts';

/**
 * A member that leaves has finalizers: after its containers stop it stays Terminating until their owners take them off,
 * and an ordered set waits for that.
 */
export const podFinalizer: Check<OfSet> = {
  id: 'pod-finalizer',
  title: 'A member that leaves has finalizers',
  meaning:
    'After its containers have stopped the Pod remains Terminating until the owner of the finalizers removes them. An ordered StatefulSet waits for that, and so does the operation: for 30 s after the last change of the Pod, then it stops and can be resumed.',
  remedy: 'See that the owner of the finalizer runs. Taking a finalizer off by hand skips whatever it was there for.',
  source: 'kubernetes.io: Finalizers',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return leavingPods(snapshot, intent)
      .filter((pod) => foreignFinalizers(pod).length > 0)
      .map((pod) => aboutFinalizers('pod', pod, `${who(pod, intent)} Terminating until ${finalizersRemoved(pod)}`));
  },
};

/** One that nothing has told to go may stay for years. */
function who({ metadata: { name, deletionTimestamp } }: Pod, { operation }: OfSet): string {
  return operation === undefined && deletionTimestamp === undefined ? `once it is deleted, Pod ${name} remains` : `Pod ${name} remains`;
}
