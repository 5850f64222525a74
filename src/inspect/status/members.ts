import type { EndpointSlice, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, membersOf, podsNamedAfter } from '../../domain/members.ts';
import { memberName } from '../../domain/naming.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { type ClaimStatus, claimsByName, claimsOfMember } from './claims.ts';
import { type PodFacts, podFacts } from './pod.ts';

export interface MemberStatus {
  readonly ordinal: number;
  readonly name: string;
  /**
   * `condemned`: beyond the range, to be removed. `foreign`: a Pod of that name which the set does not control.
   * `orphan`: there is no set.
   */
  readonly role: 'member' | 'condemned' | 'foreign' | 'orphan';
  readonly pod?: PodFacts;
  readonly claims: readonly ClaimStatus[];
  readonly endpoints: readonly EndpointFacts[];
}

export interface EndpointFacts {
  readonly service: string;
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly terminating: boolean;
}

/** Every place of the set, filled or not; without a set, every Pod of a member's name. */
export function memberStatuses(set: StatefulSet | undefined, snapshot: Snapshot): readonly MemberStatus[] {
  const pods = listOf(snapshot, 'pods');
  const named = podsNamedAfter(snapshot.target.name, pods);
  const own = set === undefined ? [] : membersOf(set, pods);
  const foreign = [...named].filter(([, pod]) => set === undefined || !isControlledBy(pod, set.metadata.uid));
  const taken = new Map(foreign);
  const rows = [
    ...own
      .filter(({ ordinal }) => !taken.has(ordinal))
      .map(({ ordinal, pod, inRange }) => ({ ordinal, pod, role: inRange ? ('member' as const) : ('condemned' as const) })),
    ...foreign.map(([ordinal, pod]) => ({ ordinal, pod, role: set === undefined ? ('orphan' as const) : ('foreign' as const) })),
  ].toSorted((a, b) => a.ordinal - b.ordinal);
  const claims = claimsByName(snapshot);
  const endpoints = Map.groupBy(endpointsIn(listOf(snapshot, 'endpointSlices')), ({ podUid }) => podUid);
  return rows.map(({ ordinal, pod, role }) => ({
    ordinal,
    name: memberName(snapshot.target.name, ordinal),
    role,
    ...(pod === undefined ? {} : { pod: podFacts(set, pod, snapshot) }),
    claims: claimsOfMember(set, { ordinal, pod }, claims, snapshot),
    endpoints: (endpoints.get(pod?.metadata.uid ?? '') ?? []).map(({ facts }) => facts),
  }));
}

function endpointsIn(slices: readonly EndpointSlice[]): readonly { readonly podUid: string | undefined; readonly facts: EndpointFacts }[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? []).map(({ addresses, conditions, targetRef }) => ({
      podUid: targetRef?.uid,
      facts: {
        service: slice.metadata.labels?.['kubernetes.io/service-name'] ?? '',
        addresses,
        // "A nil value should be interpreted as ready" (discovery/v1 EndpointConditions).
        ready: conditions?.ready !== false,
        terminating: conditions?.terminating === true,
      },
    })),
  );
}
