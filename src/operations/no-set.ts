import type { StatefulSet } from '../domain/kube.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** For the checks of an operation that is about no StatefulSet: one that generates no name. */
export function noSet({ target: { name, namespace } }: Snapshot): StatefulSet {
  const metadata = { name, namespace, uid: '', resourceVersion: '' };
  return { metadata, spec: { replicas: 0, selector: {}, template: { spec: { containers: [] } } }, status: {} };
}
