import { type ArchiveLeft, archiveLeft } from '../../domain/archive-left.ts';
import { retentionOf } from '../../domain/claims.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { isAvailable, isRunningAndReady, isTerminating, membersOf } from '../../domain/members.ts';
import { replicasOf, startOf } from '../../domain/naming.ts';
import { partitionOf, revisionOf, strategyOf } from '../../domain/revisions.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { FoundRecord } from '../../domain/stored.ts';
import { type OpenOperation, openOperation } from '../open-operation.ts';
import { type Verdict, verdictOf } from '../verdict/verdict.ts';
import { type ClaimStatus, spareClaims } from './claims.ts';
import { type MemberStatus, memberStatuses } from './members.ts';

/** What `status` knows of one set: the document behind the line, the tree and `-o json`. */
export interface SetStatus extends Verdict {
  readonly namespace: string;
  readonly name: string;
  /** The one that is open on it. */
  readonly operation?: OpenOperation;
  /** Absent when there is no set. */
  readonly set?: SetFacts;
  /** What it could come back from; only where there is no set, and no operation of ours is open that says how to go on. */
  readonly archive?: ArchiveLeft;
  readonly members: readonly MemberStatus[];
  /** Claims of the set that belong to no member listed: left from scale-downs, or owned by the set. */
  readonly otherClaims: readonly ClaimStatus[];
  readonly findings: readonly Finding[];
  /** Server's time of this look, RFC 3339. */
  readonly seen: string;
  /** Slices that could not be read, one sentence each. */
  readonly unknown: readonly string[];
}

export interface SetFacts {
  readonly uid: string;
  readonly replicas: number;
  readonly start: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  readonly strategy: string;
  readonly partition: number;
  readonly podManagementPolicy: string;
  readonly minReadySeconds: number;
  readonly serviceName: string;
  readonly whenDeleted: string;
  readonly whenScaled: string;
  readonly currentRevision: string;
  readonly updateRevision: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly created?: string;
}

/**
 * @param record our open operation on the set, if any
 * @returns undefined when there is nothing to show: no set and nothing of it, or it could not be read
 */
export function statusOf(snapshot: Snapshot, record: FoundRecord | undefined, findings: readonly Finding[]): SetStatus | undefined {
  const verdict = verdictOf(snapshot, record);
  if (verdict === undefined) return undefined;
  const live = sliceOf(snapshot, 'set');
  const set = live.state === 'read' ? live.value : undefined;
  const archive = set === undefined && record === undefined ? archiveLeft(snapshot) : undefined;
  const members = memberStatuses(set, snapshot);
  return {
    ...snapshot.target,
    ...verdict,
    ...(record?.state === 'valid' ? { operation: openOperation(record) } : {}),
    ...(set === undefined ? {} : { set: factsOf(set, snapshot) }),
    ...(archive === undefined ? {} : { archive }),
    members,
    otherClaims: spareClaims(set, members, snapshot),
    findings,
    seen: new Date(snapshot.now).toISOString(),
    unknown: unknownSlices(snapshot),
  };
}

function factsOf(set: StatefulSet, snapshot: Snapshot): SetFacts {
  const { spec, status, metadata } = set;
  const pods = membersOf(set, listOf(snapshot, 'pods')).flatMap(({ inRange, pod }) => (inRange && pod !== undefined ? [pod] : []));
  const minReadySeconds = spec.minReadySeconds ?? 0;
  return {
    uid: metadata.uid,
    replicas: replicasOf(set),
    start: startOf(set),
    // From Pods, not from status counters: those lag, and count condemned Pods.
    ready: pods.filter((pod) => isRunningAndReady(pod) && !isTerminating(pod)).length,
    available: pods.filter((pod) => !isTerminating(pod) && isAvailable(pod, minReadySeconds, snapshot.now)).length,
    updated: pods.filter((pod) => revisionOf(pod) === status.updateRevision).length,
    strategy: strategyOf(set),
    partition: partitionOf(set),
    podManagementPolicy: spec.podManagementPolicy ?? 'OrderedReady',
    minReadySeconds,
    serviceName: spec.serviceName ?? '',
    ...retentionOf(set),
    currentRevision: status.currentRevision ?? '',
    updateRevision: status.updateRevision ?? '',
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration ?? 0,
    ...(metadata.creationTimestamp === undefined ? {} : { created: metadata.creationTimestamp }),
  };
}

/** What nobody asked for is not worth a word; what was forbidden or timed out is. */
function unknownSlices({ slices }: Snapshot): readonly string[] {
  return Object.values(slices).flatMap((reading) => (reading.state === 'unknown' && reading.why !== 'not-read' ? [reading.message] : []));
}
