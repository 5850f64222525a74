import { describe, expect, it } from 'vitest';
import { narrowed } from '../../../src/cluster/of-set.ts';
import { read, unknown } from '../../../src/domain/reading.ts';
import { listOf, type Snapshot } from '../../../src/domain/snapshot.ts';
import { claimOf, claimsFor, NOW, ownerOf, podOf, podsOf, setOf, snapshotOf } from '../../support/objects.ts';

const [web, other] = [setOf(), setOf({ name: 'web-1' })];

function namesIn(slices: Snapshot['slices'], slice: 'pods' | 'claims' | 'events' | 'podEvents' | 'claimEvents'): readonly string[] {
  return listOf({ ...snapshotOf({}), slices }, slice).map(({ metadata }) => metadata.name);
}

const event = (kind: string, name: string) => ({
  metadata: { name: `about-${kind}-${name}`, uid: name, resourceVersion: '1' },
  involvedObject: { kind, name },
});

describe('what is about one set', () => {
  it('is its Pods, also released ones, and no Pod of a set whose name begins alike', () => {
    const pods = [...podsOf(web), ...podsOf(other), podOf(web, 7, { metadata: { ownerReferences: [] } })];
    expect(namesIn(narrowed({ pods: read(pods, NOW) }, web), 'pods')).toEqual(['web-0', 'web-1', 'web-2', 'web-7']);
    expect(namesIn(narrowed({ pods: read(pods, NOW) }, other), 'pods')).toEqual(['web-1-0', 'web-1-1', 'web-1-2']);
  });

  it('is the PVCs that it generates, owns or uses', () => {
    const owned = { ...claimOf(web, 0), metadata: { ...claimOf(web, 0).metadata, name: 'owned', ownerReferences: [ownerOf(web)] } };
    const ofPod = {
      ...claimOf(web, 0),
      metadata: { ...claimOf(web, 0).metadata, name: 'web-0-scratch', ownerReferences: [{ ...ownerOf(podOf(web, 0)), kind: 'Pod' }] },
    };
    const used = { ...claimOf(web, 0), metadata: { ...claimOf(web, 0).metadata, name: 'shared' } };
    const pods = podsOf(web, { 1: { spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'shared' } }] } } });
    const claims = [...claimsFor(web), claimOf(web, 9), ...claimsFor(other), owned, ofPod, used];
    const found = namesIn(narrowed({ pods: read(pods, NOW), claims: read(claims, NOW) }, web), 'claims');
    expect(found.toSorted()).toEqual(['data-web-0', 'data-web-1', 'data-web-2', 'data-web-9', 'owned', 'shared', 'web-0-scratch']);
  });

  it('is the events about it, its Pods and its PVCs', () => {
    const all = {
      pods: read(podsOf(web), NOW),
      events: read([event('StatefulSet', 'web'), event('StatefulSet', 'web-1')], NOW),
      podEvents: read([event('Pod', 'web-2'), event('Pod', 'web-1-2')], NOW),
      claimEvents: read([event('PersistentVolumeClaim', 'data-web-3'), event('PersistentVolumeClaim', 'data-web-1-3')], NOW),
    };
    const slices = narrowed(all, web);
    expect([namesIn(slices, 'events'), namesIn(slices, 'podEvents'), namesIn(slices, 'claimEvents')]).toEqual([
      ['about-StatefulSet-web'],
      ['about-Pod-web-2'],
      ['about-PersistentVolumeClaim-data-web-3'],
    ]);
  });

  it('is not known where the list is not', () => {
    const forbidden = unknown('forbidden', 'cannot list pods', NOW);
    expect(narrowed({ pods: forbidden }, web)).toEqual({ pods: forbidden });
  });
});
