import { retentionOf } from '../../src/domain/claims.ts';
import type { Pod, StatefulSet } from '../../src/domain/kube.ts';
import { isTerminating } from '../../src/domain/members.ts';
import { memberName, ordinalIn, ordinalsOf, replicasOf, startOf } from '../../src/domain/naming.ts';
import { entriesOf } from '../../src/record/index-secret.ts';
import type { Census } from '../support/invariants.ts';
import type { Space } from '../support/namespace.ts';

export type End = Awaited<ReturnType<typeof endState>>;

/** The end of an operation, as far as two runs of it are alike: no uids, no times, no record. */
export async function endState(space: Space) {
  const [set, pods, claims, services, secrets] = await Promise.all([
    space.findSet(),
    space.pods(),
    space.claims(),
    space.services(),
    space.secrets(),
  ]);
  const index = secrets.find(({ metadata }) => metadata.name === 'sts-safe.web');
  return {
    set: set && lasting(set),
    pods: pods.map(({ metadata }) => metadata.name).sort(),
    claims: claims.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).sort(),
    services: services.map(({ metadata }) => metadata.name).sort(),
    restorable: index === undefined ? false : (entriesOf(index).at(-1)?.setDeleted ?? false),
    open: index?.data?.['record'] !== undefined || set?.metadata.annotations?.['sts-safe.dev/operation'] !== undefined,
  };
}

/** What of a set is its user's. */
function lasting({ metadata, spec }: StatefulSet) {
  const { labels, annotations } = metadata;
  return { labels, annotations, spec: { ...spec, persistentVolumeClaimRetentionPolicy: retentionOf({ metadata, spec } as StatefulSet) } };
}

/** What is left when nobody drives any more: members above the range are gone, those in it are as they are. */
export async function settled(space: Space): Promise<void> {
  const set = await space.findSet();
  if (set === undefined) return;
  const end = startOf(set) + replicasOf(set);
  await space.untilPods(
    (pods) => ![...pods.keys()].some((name) => (ordinalIn('web', name) ?? -1) >= end),
    `no member is above the ${replicasOf(set)} that there shall be`,
  );
}

/** Members that may have changed when replicas went to what this set has: those above. Another set's are none. */
export function above(names: Iterable<string>, set: StatefulSet | undefined): readonly string[] {
  const kept = new Set(set === undefined ? [] : ordinalsOf(set).map((ordinal) => memberName(set.metadata.name, ordinal)));
  return [...names].filter((name) => ordinalIn('web', name) !== undefined && !kept.has(name));
}

/** A moment at which nobody drives. */
export interface Held extends Census {
  readonly set: StatefulSet | undefined;
}

/**
 * The Pods that nothing takes away between this moment and the end: whatever is in range at both, and other sets' members.
 * Each as it was before the operation, where it was there.
 */
export function untouched(before: Census, held: Held, end: StatefulSet | undefined): readonly Pod[] {
  const leaving = new Set([...above(held.pods.keys(), held.set), ...above(held.pods.keys(), end)]);
  return [...held.pods]
    .filter(([name, pod]) => !leaving.has(name) && !isTerminating(pod))
    .map(([name, pod]) => before.pods.get(name) ?? pod);
}
