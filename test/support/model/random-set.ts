import fc from 'fast-check';
import type { ModelCluster } from './cluster.ts';
import { running, settle } from './running-set.ts';

/** Random sets: any policy, first ordinal, health. */
export const setArb = fc.record({
  replicas: fc.integer({ min: 0, max: 6 }),
  start: fc.constantFrom(0, 3),
  podManagementPolicy: fc.constantFrom('OrderedReady', 'Parallel'),
  whenDeleted: fc.constantFrom('Retain', 'Delete'),
  whenScaled: fc.constantFrom('Retain', 'Delete'),
  /** Members that can never be ready from now on, counted from the first. */
  broken: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
  quorum: fc.constantFrom(0, 2, 3),
  stopRounds: fc.integer({ min: 0, max: 3 }),
});
export type SetArb = typeof setArb extends fc.Arbitrary<infer T> ? T : never;

/** Such a set, come up in good health, and at rest again after its health has become what it is. */
export function worldOf({
  replicas,
  start,
  podManagementPolicy,
  whenDeleted,
  whenScaled,
  broken,
  quorum,
  stopRounds,
}: SetArb): ModelCluster {
  const cluster = running(
    replicas,
    { podManagementPolicy, ordinals: { start }, persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } },
    { stopRounds },
  );
  Object.assign(cluster.options, { broken: broken.map((index) => start + index), quorum: Math.min(quorum, replicas) });
  settle(cluster, replicas);
  return cluster;
}

/** Everybody is well again. */
export function heal(cluster: ModelCluster): void {
  Object.assign(cluster.options, { broken: [], quorum: 0 });
  settle(cluster);
}
