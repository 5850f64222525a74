import type { Service, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy } from '../../domain/members.ts';
import { selects } from '../../domain/selector.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';

/** The Service that gives a set's members their names. */
export interface GoverningService {
  readonly service: Service;
  /** What else uses it: then it is not this set's to take away. */
  readonly usedBy?: string;
}

/** @returns undefined where the set names none, or none of that name is there */
export function governingService(set: StatefulSet, snapshot: Snapshot): GoverningService | undefined {
  const service = listOf(snapshot, 'services').find(({ metadata }) => metadata.name === set.spec.serviceName);
  if (service === undefined) return undefined;
  const usedBy = otherSet(set, snapshot) ?? otherPod(service, set, snapshot);
  return { service, ...(usedBy === undefined ? {} : { usedBy }) };
}

function otherSet({ metadata: { uid }, spec: { serviceName } }: StatefulSet, snapshot: Snapshot): string | undefined {
  const other = listOf(snapshot, 'sets').find((one) => one.metadata.uid !== uid && one.spec.serviceName === serviceName);
  return other === undefined ? undefined : `StatefulSet ${other.metadata.name}`;
}

function otherPod({ spec: { selector } }: Service, set: StatefulSet, snapshot: Snapshot): string | undefined {
  if (selector === undefined || Object.keys(selector).length === 0) return undefined;
  const other = listOf(snapshot, 'pods').find(
    (pod) => !isControlledBy(pod, set.metadata.uid) && selects({ matchLabels: selector }, pod.metadata.labels),
  );
  return other === undefined ? undefined : `Pod ${other.metadata.name}`;
}
