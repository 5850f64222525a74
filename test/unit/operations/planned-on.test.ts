import { describe, expect, it } from 'vitest';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { plannedOnSet } from '../../../src/operations/planned-on.ts';
import { claimsFor, podsOf, setOf, volumeOf, worldOf } from '../../support/objects.ts';

const web = setOf();
const claims = claimsFor(web);
const volumes = claims.map((claim) => volumeOf(claim));
const see = (set: StatefulSet, over: Parameters<typeof worldOf>[1] = {}): string =>
  JSON.stringify(plannedOnSet(set, worldOf(set, { pods: podsOf(web), claims, volumes, ...over }) satisfies Snapshot));

/** What the digest covers, so that a plan that was looked at is confirmed only while it would do the same. */
describe('what a plan is made on', () => {
  it('is the same for the same', () => {
    expect(see(setOf())).toBe(see(web));
  });

  it.each([
    ['the template that is archived', see(setOf({ spec: { template: { spec: { containers: [{ name: 'main', image: 'new' }] } } } }))],
    ['the governing Service', see(setOf({ spec: { serviceName: 'other' } }))],
    ['the replicas', see(setOf({ spec: { replicas: 7 } }))],
    [
      'what becomes of a volume’s data',
      see(web, { volumes: claims.map((claim) => volumeOf(claim, { spec: { persistentVolumeReclaimPolicy: 'Retain' } })) }),
    ],
  ])('is another one with %s', (_, other) => {
    expect(other).not.toBe(see(web));
  });
});
