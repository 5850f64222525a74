import type { Service, StatefulSet } from '../../domain/kube.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';

/** The set's governing Service, where it exists and no other set of the namespace names it. */
export function governingService(set: StatefulSet, snapshot: Snapshot): Service | undefined {
  const name = set.spec.serviceName;
  if (name === undefined || name === '') return undefined;
  const others = listOf(snapshot, 'sets').filter((other) => other.metadata.uid !== set.metadata.uid && other.spec.serviceName === name);
  if (others.length > 0) return undefined;
  return listOf(snapshot, 'services').find((service) => service.metadata.name === name);
}
