import { finalizersRemoved, foreignFinalizers } from '../domain/finalizers.ts';
import type { Check } from './check.ts';
import { aboutFinalizers } from './finalizers.ts';
import { leavingPods } from './members.ts';

/**
 * A member that leaves has finalizers: after its containers stop it stays Terminating until their owners take them off,
 * and an ordered set waits for that.
 */
export const podFinalizer: Check = {
  id: 'pod-finalizer',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return leavingPods(snapshot, intent)
      .filter((pod) => foreignFinalizers(pod).length > 0)
      .map((pod) => aboutFinalizers('pod', pod, `Pod ${pod.metadata.name} remains Terminating until ${finalizersRemoved(pod)}`));
  },
};
