import type { Service, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy } from '../../domain/members.ts';
import { selects } from '../../domain/selector.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';

/** The Service that gives a set's members their names. */
export interface GoverningService {
  readonly service: Service;
  /** Why it is not this set's to take away: what else uses it. */
  readonly kept?: string;
}

/** @returns undefined where the set names none, or none of that name is there */
export function governingService(set: StatefulSet, snapshot: Snapshot): GoverningService | undefined {
  const service = listOf(snapshot, 'services').find(({ metadata }) => metadata.name === set.spec.serviceName);
  if (service === undefined) return undefined;
  const kept = otherSet(set, snapshot) ?? endpointsByHand(service) ?? otherPod(service, set, snapshot);
  return { service, ...(kept === undefined ? {} : { kept }) };
}

function otherSet({ metadata: { uid }, spec: { serviceName } }: StatefulSet, snapshot: Snapshot): string | undefined {
  const other = listOf(snapshot, 'sets').find((one) => one.metadata.uid !== uid && one.spec.serviceName === serviceName);
  return other === undefined ? undefined : `StatefulSet ${other.metadata.name} uses it too`;
}

/**
 * Without a selector the endpoints are not made from Pods (kubernetes.io: Services without selectors): somebody makes them,
 * for whom no list of Pods can tell. They would be left behind, and restoring the Service does not show that they fit.
 */
function endpointsByHand({ spec: { selector } }: Service): string | undefined {
  return Object.keys(selector ?? {}).length > 0 ? undefined : 'no selector: its endpoints are not made from Pods';
}

function otherPod({ spec: { selector } }: Service, set: StatefulSet, snapshot: Snapshot): string | undefined {
  const other = listOf(snapshot, 'podMetadata').find(
    (pod) => !isControlledBy(pod, set.metadata.uid) && selects({ matchLabels: selector ?? {} }, pod.metadata.labels),
  );
  return other === undefined ? undefined : `Pod ${other.metadata.name} uses it too`;
}
