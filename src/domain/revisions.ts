import { isObserved } from './controller.ts';
import type { ControllerRevision, Pod, StatefulSet } from './kube.ts';
import { startOf } from './naming.ts';

/** Full ControllerRevision name that a Pod was made from (label controller-revision-hash). */
export function revisionOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.['controller-revision-hash'];
}

export function partitionOf(set: StatefulSet): number {
  return set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
}

export function strategyOf(set: StatefulSet): string {
  return set.spec.updateStrategy?.type ?? 'RollingUpdate';
}

/**
 * The partition counts from `start`, not from ordinal 0: a member updates iff ordinal - start >= partition (#128529;
 * the documentation suggests otherwise).
 */
export function isHeldByPartition(set: StatefulSet, ordinal: number): boolean {
  return strategyOf(set) === 'RollingUpdate' && ordinal - startOf(set) < partitionOf(set);
}

/** The revision of this set's template: what its controller said of its newest spec; undefined while it has not seen that. */
export function revisionOfTemplate(set: StatefulSet): string | undefined {
  return isObserved(set) ? set.status.updateRevision : undefined;
}

/** Whether the controller replaces the Pod in this place once it is of another revision: by neither partition nor OnDelete it is held. */
export function isOpenToUpdates(set: StatefulSet, ordinal: number): boolean {
  return strategyOf(set) === 'RollingUpdate' && !isHeldByPartition(set, ordinal);
}

/** A ControllerRevision holds its template as a patch that replaces (`$patch`); undefined where it was read without its data. */
export function templateIn({ data }: ControllerRevision): StatefulSet['spec']['template'] | undefined {
  const { $patch: _, ...template } = data?.spec?.template ?? {};
  return data?.spec?.template === undefined ? undefined : (template as unknown as StatefulSet['spec']['template']);
}
