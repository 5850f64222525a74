import { describe, expect, it } from 'vitest';
import { controllersOf, dependentsOf } from '../../../src/domain/dependents.ts';
import type { KubeObject } from '../../../src/domain/kube.ts';
import { unknown } from '../../../src/domain/reading.ts';
import { claimOf, metaOf, NOW, ownedObject, ownerOf, podOf, podsOf, serviceOf, setOf, worldOf } from '../../support/objects.ts';

/** What LeaderWorkerSet makes of each Pod: a set that the Pod owns, and that owns its PVCs under whenDeleted: Delete. */
const web = setOf();
const leader = podOf(web, 2);
const inner = setOf({ name: 'web-2', replicas: 1, metadata: { ownerReferences: [ownerOf(leader)] } });
const worker = podOf(inner, 0);
const theirs = claimOf(inner, 0, { metadata: { ownerReferences: [ownerOf(inner)] } });
const scratch = claimOf(web, 2, { metadata: { name: 'web-2-scratch', uid: 'uid-scratch', ownerReferences: [ownerOf(leader)] } });
const world = worldOf(web, { sets: [web, inner], pods: [...podsOf(web), worker], claims: [claimOf(web, 2), theirs, scratch] });

const kubeOwner = (kind: string, name: string, uid = `uid-${kind.toLowerCase()}-${name}`) => ({
  kind,
  apiVersion: 'v1',
  metadata: { name, uid },
});
const found = (uids: readonly string[], see = world, spared?: ReadonlySet<string>) =>
  dependentsOf(uids, see, spared).map(({ kind, name, owner }) => `${kind}/${name} with ${owner.kind} ${owner.name}`);
const with1 = (slice: 'configMaps' | 'secrets' | 'jobs' | 'deployments' | 'services', ...objects: readonly KubeObject[]) =>
  worldOf(web, { [slice]: objects });

describe('what goes with an object', () => {
  it('is what it owns, and what that owns, nearest first', () => {
    expect(found([leader.metadata.uid])).toEqual([
      'statefulset/web-2 with Pod web-2',
      'persistentvolumeclaim/web-2-scratch with Pod web-2',
      'pod/web-2-0 with StatefulSet web-2',
      'persistentvolumeclaim/data-web-2-0 with StatefulSet web-2',
    ]);
  });

  it('is nothing where nothing is owned, and never the object itself', () => {
    expect(found([podOf(web, 1).metadata.uid])).toEqual([]);
    expect(found([])).toEqual([]);
  });

  it.each(['configMaps', 'secrets', 'jobs', 'deployments'] as const)('is looked for among %s too', (slice) => {
    expect(
      found([leader.metadata.uid], with1(slice, ownedObject('thing', 'mine', leader), ownedObject('thing', 'other', podOf(web, 1)))),
    ).toEqual([expect.stringMatching(/\/mine with Pod web-2$/)]);
  });

  it('is looked for among Services too', () => {
    const service = { ...serviceOf('web-2'), metadata: metaOf('service', 'web-2', { ownerReferences: [ownerOf(leader)] }) };
    expect(found([leader.metadata.uid], with1('services', service))).toEqual(['service/web-2 with Pod web-2']);
  });

  it('ends where owners own each other', () => {
    const [a, b] = [kubeOwner('ConfigMap', 'a'), kubeOwner('ConfigMap', 'b')];
    const one = { metadata: metaOf('configmap', 'a', { ownerReferences: [ownerOf(leader), ownerOf(b)] }) };
    const two = { metadata: metaOf('configmap', 'b', { ownerReferences: [ownerOf(a)] }) };
    // a has b for an owner that is there: the collector keeps it, and so b.
    expect(found([leader.metadata.uid], with1('configMaps', one, two))).toEqual([]);
    const alone = { metadata: metaOf('configmap', 'a', { ownerReferences: [ownerOf(leader)] }) };
    const circle = { metadata: metaOf('configmap', 'b', { ownerReferences: [ownerOf(a), ownerOf(b)] }) };
    expect(found([leader.metadata.uid, 'uid-configmap-b'], with1('configMaps', alone, circle))).toEqual(['configmap/a with Pod web-2']);
  });

  it('is not what another owner keeps, nor what is spared', () => {
    const kept = ownedObject('secret', 'kept', leader, podOf(web, 0));
    expect(found([leader.metadata.uid], with1('secrets', kept))).toEqual([]);
    expect(found([leader.metadata.uid, podOf(web, 0).metadata.uid], with1('secrets', kept))).toEqual(['secret/kept with Pod web-2']);
    expect(found([leader.metadata.uid], world, new Set([inner.metadata.uid, scratch.metadata.uid]))).toEqual([]);
  });

  it('is what only a Pod keeps that is gone; an owner that is not looked at is told of', () => {
    const [gone, crd] = [kubeOwner('Pod', 'long-gone'), kubeOwner('Widget', 'w')];
    expect(dependentsOf([leader.metadata.uid], with1('secrets', ownedObject('secret', 's', leader, gone)))).toMatchObject([
      { name: 's', keepers: [] },
    ]);
    expect(dependentsOf([leader.metadata.uid], with1('secrets', ownedObject('secret', 's', leader, crd)))).toMatchObject([
      { name: 's', keepers: [{ kind: 'Widget', name: 'w' }] },
    ]);
  });
});

describe('the controllers above an object', () => {
  const root = { ...kubeOwner('LeaderWorkerSet', 'lws'), apiVersion: 'leaderworkerset.x-k8s.io/v1' };
  const outer = setOf({ metadata: { ownerReferences: [ownerOf(root)] } });
  const names = (see = worldOf(outer, { sets: [outer, inner] })) => controllersOf(inner, see).map(({ kind, name }) => `${kind}/${name}`);

  it('are followed to the root', () => {
    expect(names()).toEqual(['Pod/web-2', 'StatefulSet/web', 'LeaderWorkerSet/lws']);
  });

  it('end where nothing is known', () => {
    expect(names(worldOf(outer, { sets: unknown('forbidden', 'cannot list', NOW) }))).toEqual(['Pod/web-2', 'StatefulSet/web']);
    expect(names(worldOf(outer, { pods: unknown('forbidden', 'cannot list', NOW) }))).toEqual(['Pod/web-2']);
  });

  it('end where they control each other', () => {
    const circle = setOf({ metadata: { ownerReferences: [ownerOf(inner)] } });
    expect(names(worldOf(circle, { sets: [circle, inner] }))).toEqual(['Pod/web-2', 'StatefulSet/web']);
  });
});
