import type { OwnerReference } from '../../../src/domain/kube.ts';
import { ephemeralVolume } from '../../../src/findings/ephemeral-volume.ts';
import { operatorOwned } from '../../../src/findings/operator-owned.ts';
import { podOwnsObjects } from '../../../src/findings/pod-owns-objects.ts';
import { claimOf, claimsFor, deleteOf, ownedObject, ownerOf, podOf, podsOf, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const innerOf = (ordinal: number, owner = podOf(web, ordinal)) =>
  setOf({ name: `web-${ordinal}`, replicas: 1, metadata: { ownerReferences: [ownerOf(owner)] } });
const [one, two] = [innerOf(1), innerOf(2)];
const claim = claimOf(two, 0, { metadata: { ownerReferences: [ownerOf(two)] } });
const leaderWorker = worldOf(web, {
  sets: [web, one, two],
  pods: [...podsOf(web), podOf(one, 0), podOf(two, 0)],
  claims: [...claimsFor(web), claim],
});
const named = (name: string, ...owners: readonly OwnerReference[]) =>
  claimOf(web, 2, { metadata: { name, uid: `uid-${name}`, ownerReferences: owners } });
const withClaims = (...claims: readonly ReturnType<typeof claimOf>[]) => worldOf(web, { claims: [...claimsFor(web), ...claims] });
const scratch = named('web-2-scratch', ownerOf(podOf(web, 2)));
const { controller: _, ...plain } = ownerOf(podOf(web, 2));

table(
  podOwnsObjects,
  {
    'nobody owns anything': { see: worldOf(web), when: scaleTo(web, 1), says: [] },
    'the set of the Pod that leaves, its Pod and its PVC': {
      see: leaderWorker,
      when: scaleTo(web, 2),
      says: [
        '3 objects would be deleted because removed Pods own them, directly or through other objects: StatefulSet web-2, Pod web-2-0, PVC data-web-2-0',
      ],
      seen: [
        'statefulset/web-2: metadata.ownerReferences[] = Pod/web-2',
        'persistentvolumeclaim/data-web-2-0: metadata.ownerReferences[] = StatefulSet/web-2',
      ],
      tries: [
        `kubectl patch statefulset web-2 --type merge -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}' -n prod`,
      ],
      grade: 'proven',
    },
    'of all that leave': { see: leaderWorker, when: deleteOf(web), says: [/^5 objects would be deleted/] },
    'Pods that stay keep theirs': { see: worldOf(web, { sets: [web, one] }), when: scaleTo(web, 2), says: [] },
    'a Secret': {
      see: worldOf(web, { secrets: [ownedObject('secret', 'peer', podOf(web, 2))] }),
      when: scaleTo(web, 2),
      says: ['1 object would be deleted with Pod web-2, which owns it: Secret peer'],
      remedies: 0,
    },
    'one that something else may keep': {
      see: worldOf(web, {
        configMaps: [ownedObject('configmap', 'c', podOf(web, 2), { kind: 'Widget', metadata: { name: 'w', uid: 'uid-w' } })],
      }),
      when: scaleTo(web, 2),
      says: ['1 object would be deleted with Pod web-2, which owns it: ConfigMap c'],
      seen: ['configmap/c: metadata.ownerReferences[] = Pod/web-2, Widget/w'],
      grade: 'likely',
    },
    'a PVC that is nobody’s template': {
      see: withClaims(named('extra', plain)),
      when: scaleTo(web, 2),
      says: ['1 object would be deleted with Pod web-2, which owns it: PVC extra'],
      tries: [/^kubectl patch persistentvolumeclaim extra --type json/],
    },
    'a deletion takes that reference off first': {
      see: withClaims(named('extra', plain)),
      when: { ...deleteOf(web), sparesClaims: true },
      says: [],
    },
    'the set’s own PVCs have findings of their own': {
      see: worldOf(web, { claims: claimsFor(web, { 2: { metadata: { ownerReferences: [ownerOf(podOf(web, 2))] } } }) }),
      when: scaleTo(web, 2),
      says: [],
    },
    'what a PVC owns that is deleted': {
      see: worldOf(web, { secrets: [ownedObject('secret', 'key', { kind: 'PersistentVolumeClaim', metadata: claimOf(web, 2).metadata })] }),
      when: { ...deleteOf(web), sparesClaims: true, destroysClaims: true },
      says: ['1 object would be deleted with PersistentVolumeClaim data-web-2, which owns it: Secret key'],
    },
    'ephemeral volumes are meant to go': { see: withClaims(scratch), when: scaleTo(web, 2), says: [] },
  },
  // What is not known makes it fewer.
  ['sets', 'claims'],
);

table(ephemeralVolume, {
  'there are none': { see: worldOf(web), when: deleteOf(web), says: [] },
  'that of the Pod that leaves': {
    see: withClaims(scratch, named('web-1-scratch', ownerOf(podOf(web, 1)))),
    when: scaleTo(web, 2),
    says: ['1 PVC of ephemeral volumes is deleted with its Pod: web-2-scratch'],
    seen: ['persistentvolumeclaim/web-2-scratch: metadata.ownerReferences[controller] = Pod/web-2'],
  },
  'a PVC that someone made a Pod’s': { see: withClaims(named('extra', plain)), when: scaleTo(web, 2), says: [] },
});

const root = { apiVersion: 'leaderworkerset.x-k8s.io/v1', kind: 'LeaderWorkerSet', metadata: { name: 'lws', uid: 'uid-lws' } };
const controlled = setOf({ metadata: { ownerReferences: [ownerOf(root)] } });
const bare = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'bare', uid: 'uid-bare' } };
const ofBare = setOf({ metadata: { ownerReferences: [ownerOf(bare)] } });

table(
  operatorOwned,
  {
    'an inner set of a Pod of a set': {
      see: worldOf(one, { sets: [web, one], pods: podsOf(web) }),
      when: deleteOf(one),
      says: ['Pod web-1 (which StatefulSet web controls) controls web-1: its operator would undo the change or react to it'],
      seen: [
        'statefulset/web-1: metadata.ownerReferences[controller] = v1 Pod/web-1',
        'pod/web-1: metadata.ownerReferences[controller] = apps/v1 StatefulSet/web',
      ],
      tries: ['kubectl sts-safe status web -n prod'],
      remedies: 1,
    },
    'of a set of a custom resource': {
      see: worldOf(one, { sets: [controlled, one], pods: podsOf(controlled) }),
      when: deleteOf(one),
      says: [/^Pod web-1 \(which LeaderWorkerSet lws controls\)/],
      tries: ['kubectl edit leaderworkerset.v1.leaderworkerset.x-k8s.io lws -n prod'],
    },
    'of a Pod that nothing controls': {
      see: worldOf(ofBare),
      when: deleteOf(ofBare),
      says: [/^Pod bare controls web/],
      tries: ['kubectl describe pod bare -n prod'],
    },
  },
  // As far as it is known.
  ['pods', 'sets'],
);
