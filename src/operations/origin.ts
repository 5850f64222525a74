import { CannotError, RefusedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import type { Archive } from '../domain/stored.ts';
import type { PlanInput } from './operation.ts';

/** The set as it is, for operations that need one. */
export function liveSet(snapshot: Snapshot): StatefulSet {
  const set = sliceOf(snapshot, 'set');
  if (set.state === 'read') return set.value;
  const { namespace, name } = snapshot.target;
  if (set.state === 'unknown') throw new RefusedError(`StatefulSet ${name} in namespace ${namespace} cannot be read: ${set.message}`);
  throw new CannotError(
    `StatefulSet ${name} not found in namespace ${namespace} of context ${snapshot.cluster.context} (${snapshot.cluster.server})`,
  );
}

export function archivedSet(archive: Archive): StatefulSet {
  return archive.manifest as unknown as StatefulSet;
}

/** A set of which only the name is known. */
export function nameless({ name, namespace }: Target): StatefulSet {
  const metadata = { name, namespace, uid: '', resourceVersion: '' };
  return { metadata, spec: { replicas: 0, selector: {}, template: { spec: { containers: [] } } }, status: {} };
}

/** The set as it was when the operation began: live for a fresh one, archived for a resumed one. */
export function originalSet(input: PlanInput<unknown>): StatefulSet {
  return input.resume === undefined ? liveSet(input.snapshot) : archivedSet(input.resume.archive);
}
