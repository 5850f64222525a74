import { finalizersRemoved, foreignFinalizers } from '../domain/finalizers.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { aboutFinalizers } from './finalizers.ts';

/**
 * The StatefulSet that is to be deleted has finalizers that Kubernetes does not remove. It only warns: an owner acts on a
 * finalizer once the deletion has begun, and a broken StatefulSet must be deletable. Until then it can neither be restored
 * nor cancelled, with all Pods gone, so it is said before.
 */
export const setFinalizer: Check = {
  id: 'set-finalizer',
  title: 'The StatefulSet has finalizers',
  meaning:
    'Once it is deleted the StatefulSet remains, with a deletionTimestamp and without Pods, until the owners of the finalizers remove them. Until then it can neither be restored nor cancelled. The operation waits for 5 s after its last change, then it stops and can be resumed; the saved manifest and the PVCs are not affected.',
  remedy: 'See that the owner of the finalizer runs before you delete. Removing a finalizer by hand skips whatever it was there for.',
  source: 'kubernetes.io: Finalizers',
  override: 'allow',
  needs: ['set'],
  run(snapshot) {
    const set = sliceOf(snapshot, 'set');
    if (set.state !== 'read' || foreignFinalizers(set.value).length === 0) return [];
    const stays = `StatefulSet ${set.value.metadata.name} remains, with 0 replicas, until ${finalizersRemoved(set.value)}`;
    return [aboutFinalizers('statefulset', set.value, `${stays}; until then it can be neither restored nor cancelled`)];
  },
};
