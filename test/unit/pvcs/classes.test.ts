import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/domain/kube.ts';
import { unknown } from '../../../src/domain/reading.ts';
import type { SavedSet } from '../../../src/domain/stored.ts';
import { lookAtPvcs } from '../../../src/pvcs/look.ts';
import { archiveOf, hpaOf, metaOf, NAMESPACE, ownerOf, podOf, podsOf, scaledObjectOf, setOf, volumeOf } from '../../support/objects.ts';
import { around, classOf, createdBy, made, named } from './world.ts';

const web = setOf({ replicas: 2 });
const third = made(web, 2);
const zero = setOf({ replicas: 0 });

const saved = (replicas: number, over: Partial<SavedSet> = {}): SavedSet => ({
  namespace: NAMESPACE,
  name: 'web',
  replicas,
  hasRecord: false,
  ...over,
});
const annotated = (key: string, value: string) => setOf({ replicas: 2, metadata: { annotations: { [key]: value } } });
const withApplied = annotated('kubectl.kubernetes.io/last-applied-configuration', '{"spec":{"replicas":5}}');

describe('a PVC that something uses', () => {
  it.each<[string, RegExp, Parameters<typeof classOf>[1]]>([
    ['a running Pod', /mounted by Pod web-2 \(Running\)/, { claims: [third], sets: [web], namespacePods: [podOf(web, 2)] }],
    ['a Pod that has ended', /\(Succeeded\)/, { claims: [third], sets: [web], namespacePods: [podOf(web, 2, { phase: 'Succeeded' })] }],
    ['a Pod that is Pending', /\(Pending\)/, { claims: [third], sets: [web], namespacePods: [podOf(web, 2, { phase: 'Pending' })] }],
    ['a Pod that ends', /\(Terminating\)/, { claims: [third], sets: [web], namespacePods: [podOf(web, 2, { terminatingFor: 5 })] }],
    ['a range that has no Pod yet', /belongs to web-1/, { claims: [made(web, 1)], sets: [web] }],
    [
      'a CronJob that does not run',
      /named by the template of CronJob backup/,
      { claims: [third], sets: [web], workloads: [{ kind: 'CronJob', namespace: NAMESPACE, name: 'backup', claims: ['data-web-2'] }] },
    ],
    [
      'a node',
      /attached to node node-1/,
      {
        claims: [third],
        sets: [web],
        attachments: [{ metadata: metaOf('va', 'va'), spec: { nodeName: 'node-1', source: { persistentVolumeName: 'pv-data-web-2' } } }],
      },
    ],
    [
      'a VolumeSnapshot under way',
      /VolumeSnapshot nightly/,
      {
        claims: [third],
        sets: [web],
        snapshots: [{ metadata: metaOf('vs', 'nightly'), spec: { source: { persistentVolumeClaimName: 'data-web-2' } } }],
      },
    ],
    [
      'a clone under way',
      /cloned into PVC copy/,
      {
        claims: [
          third,
          { ...named('copy', {}, { dataSource: { kind: 'PersistentVolumeClaim', name: 'data-web-2' } }), status: { phase: 'Pending' } },
        ],
        sets: [web],
      },
    ],
  ])('%s', (_, reason, slices) => {
    expect(classOf((slices.claims as readonly Claim[])[0]?.metadata.name ?? '', slices)).toMatchObject({
      class: 'in-use',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('is so through an ephemeral volume of a Pod', () => {
    const pod = podOf(web, 0, { spec: { volumes: [{ name: 'scratch', ephemeral: {} }] } });
    const claim = named('web-0-scratch', { ownerReferences: [{ ...ownerOf({ kind: 'Pod', metadata: pod.metadata }), apiVersion: 'v1' }] });
    expect(classOf('web-0-scratch', { claims: [claim], sets: [web], namespacePods: [pod] }).class).toBe('in-use');
    expect(classOf('web-0-scratch', { claims: [claim], sets: [web] }).class).toBe('foreign');
  });
});

describe('a PVC out of its set’s range', () => {
  it.each<[string, RegExp, Parameters<typeof classOf>[1]]>([
    ['at 0 replicas', /scaled to 0/, { sets: [zero] }],
    [
      'below the maximum of an HPA',
      /HorizontalPodAutoscaler web says 9/,
      { sets: [web], hpas: [hpaOf('web', { spec: { maxReplicas: 9 } })] },
    ],
    [
      'below the maximum of KEDA',
      /ScaledObject web says 5/,
      { sets: [web], scaledObjects: [scaledObjectOf('web', { spec: { maxReplicaCount: 5 } })] },
    ],
    ['below KEDA’s default', /says 100/, { sets: [web], scaledObjects: [scaledObjectOf('web')] }],
    ['below a saved manifest', /a saved manifest says 3/, { sets: [web], savedSets: [saved(3)] }],
    ['below what was applied last', /the last applied manifest says 5/, { sets: [withApplied] }],
    [
      'below a downscaler’s note',
      /annotation downscaler\/original-replicas says 3/,
      { sets: [annotated('downscaler/original-replicas', '3')] },
    ],
  ])('is parked: %s', (_, reason, slices) => {
    expect(classOf('data-web-2', { claims: [third], ...slices })).toMatchObject({
      class: 'parked',
      reason: expect.stringMatching(reason) as string,
      set: 'web',
      ordinal: 2,
    });
  });

  it.each<[string, Parameters<typeof classOf>[1]]>([
    ['at or above every known count', { sets: [web], hpas: [hpaOf('web', { spec: { maxReplicas: 2 } })], savedSets: [saved(2)] }],
    ['where the HPA is another’s', { sets: [web], hpas: [hpaOf('db', { spec: { maxReplicas: 9 } })] }],
    ['where it is below the first ordinal', { sets: [setOf({ replicas: 2, spec: { ordinals: { start: 5 } } })] }],
    ['where a note is no number', { sets: [annotated('downscaler/original-replicas', 'three')] }],
  ])('is excess: %s', (_, slices) => {
    expect(classOf('data-web-2', { claims: [third], ...slices }).class).toBe('excess');
  });

  it('counts from the first ordinal', () => {
    const shifted = setOf({ replicas: 2, spec: { ordinals: { start: 5 } } });
    const hpas = [hpaOf('web', { spec: { maxReplicas: 4 } })];
    const look = (ordinal: number) => classOf(`data-web-${ordinal}`, { claims: [made(shifted, ordinal)], sets: [shifted], hpas }).class;
    expect([4, 5, 6, 7, 8, 9].map(look)).toEqual(['excess', 'in-use', 'in-use', 'parked', 'parked', 'excess']);
  });
});

describe('look-alikes', () => {
  it('data-a of web and data of a-web: one name, two sets', () => {
    const one = setOf({ name: 'web', replicas: 0, spec: { volumeClaimTemplates: [{ metadata: { name: 'data-a' }, spec: {} }] } });
    const other = setOf({ name: 'a-web', replicas: 0 });
    expect(classOf('data-a-web-0', { claims: [named('data-a-web-0')], sets: [one, other] })).toMatchObject({
      class: 'ambiguous',
      reason: expect.stringMatching(/StatefulSet web and StatefulSet a-web/) as string,
    });
  });

  it('web and web-2, lws and lws-0: the ordinal is behind the last dash alone', () => {
    const sets = [setOf({ name: 'web', replicas: 3 }), setOf({ name: 'web-2', replicas: 1 })];
    expect(classOf('data-web-2', { claims: [named('data-web-2')], sets })).toMatchObject({ class: 'in-use', set: 'web' });
    expect(classOf('data-web-2-0', { claims: [named('data-web-2-0')], sets })).toMatchObject({ class: 'in-use', set: 'web-2' });
    expect(classOf('data-web-2-1', { claims: [named('data-web-2-1')], sets })).toMatchObject({ class: 'excess', set: 'web-2' });
    const lws = [setOf({ name: 'lws', replicas: 1 }), setOf({ name: 'lws-0', replicas: 1, spec: { ordinals: { start: 1 } } })];
    expect(classOf('data-lws-0-1', { claims: [named('data-lws-0-1')], sets: lws })).toMatchObject({ class: 'in-use', set: 'lws-0' });
  });

  it('an ordinal with a leading zero is none', () => {
    expect(classOf('data-web-02', { claims: [named('data-web-02', createdBy('kubectl-create'))], sets: [web] }).class).toBe('foreign');
  });

  it('a set of the same name in another namespace', () => {
    const elsewhere = { ...web, metadata: { ...web.metadata, namespace: 'other' } };
    expect(classOf('data-web-2', { claims: [third], sets: [elsewhere] }).class).toBe('set-deleted');
  });

  it('a PVC that a Job’s manifest, or a person, made under a member’s name', () => {
    const claim = made(web, 2, { metadata: createdBy('kubectl-create') });
    expect(classOf('data-web-2', { claims: [claim], sets: [web] })).toMatchObject({
      class: 'foreign',
      reason: 'was created by kubectl-create, not by the StatefulSet controller',
    });
  });

  it('a CloudNativePG instance that is detached', () => {
    const claim = named('pg-2', {
      ...createdBy('manager'),
      labels: { 'cnpg.io/cluster': 'pg' },
      annotations: { 'cnpg.io/pvcStatus': 'detached' },
    });
    expect(classOf('pg-2', { claims: [claim] })).toMatchObject({ class: 'foreign', reason: 'is managed by CloudNativePG' });
  });

  it('a fork’s set that generates the name: alone it is its own, beside a StatefulSet’s it is ambiguous', () => {
    const kin = [{ resource: 'statefulsets.apps.kruise.io', namespace: NAMESPACE, name: 'web', templates: ['data'] }];
    expect(classOf('data-web-2', { claims: [third], kin }).class).toBe('foreign');
    expect(classOf('data-web-2', { claims: [third], kin, sets: [web] }).class).toBe('ambiguous');
  });

  it('a PVC that another kind of object owns', () => {
    const ownerReferences = [ownerOf({ apiVersion: 'example.com/v1', kind: 'Database', metadata: { name: 'pg', uid: 'x' } })];
    expect(classOf('data-web-2', { claims: [made(web, 2, { metadata: { ownerReferences } })], sets: [web] }).class).toBe('foreign');
  });

  it.each([
    ['helm.sh/resource-policy', 'keep'],
    ['argocd.argoproj.io/sync-options', 'Validate=false, Prune=false'],
  ])('one that is to be kept: %s', (key, value) => {
    expect(classOf('data-web-2', { claims: [made(web, 2, { metadata: { annotations: { [key]: value } } })], sets: [web] }).class).toBe(
      'protected',
    );
  });

  it('one whose volume is protected', () => {
    const volume = volumeOf(third);
    const volumes = [{ ...volume, metadata: { ...volume.metadata, labels: { 'sts-safe.dev/protected': 'true' } } }];
    expect(classOf('data-web-2', { claims: [third], sets: [web], volumes }).class).toBe('protected');
  });
});

describe('a PVC that no set generates', () => {
  const deleted = archiveOf(setOf({ replicas: 3 }));
  const [first] = podsOf(web);

  it('is proven by the saved manifest that names it by UID', () => {
    const claim = named('data-web-1', { uid: 'uid-claim-data-web-1' });
    const savedSets = [saved(3, { deleted })];
    expect(classOf('data-web-1', { claims: [claim], savedSets })).toMatchObject({ class: 'set-deleted', set: 'web', ordinal: 1 });
    const another = named('data-web-1', { uid: 'another', ...createdBy('kubectl-create') });
    expect(classOf('data-web-1', { claims: [another], savedSets }).class).toBe('foreign');
    const unproven = named('data-web-1', { uid: 'another' });
    expect(
      classOf('data-web-1', { claims: [{ ...unproven, metadata: { ...unproven.metadata, managedFields: [] } }], savedSets }).class,
    ).toBe('unknown');
  });

  it('is proven by its creator, and by nothing else', () => {
    expect(classOf('data-web-1', { claims: [named('data-web-1')] }).class).toBe('set-deleted');
    expect(classOf('data-web-1', { claims: [named('data-web-1', createdBy('velero-server'))] }).class).toBe('foreign');
    const blank = named('data-web-1', { managedFields: [{ manager: 'kube-controller-manager', operation: 'Update' }] });
    expect(classOf('data-web-1', { claims: [blank] }).class).toBe('unknown');
  });

  it('is named as one that the garbage collector takes, where its owner’s UID does not exist', () => {
    const ownerReferences = [ownerOf({ metadata: { name: 'web', uid: 'of-before-the-restore' } })];
    const claim = made(web, 0, { metadata: { ownerReferences } });
    expect(classOf('data-web-0', { claims: [claim], sets: [web], namespacePods: first === undefined ? [] : [first] }).hazards).toEqual([
      expect.stringMatching(/UID that does not exist.*; first set the reclaim policy of its volume to Retain/),
    ]);
  });
});

describe('what was not read', () => {
  const blind = unknown('forbidden', 'cannot list it (forbidden)', 0);

  it.each(['sets', 'workloads', 'kin', 'savedSets', 'hpas', 'scaledObjects', 'snapshots', 'namespacePods'] as const)(
    '%s: neither excess nor set deleted is proven',
    (slice) => {
      for (const sets of [[web], []]) {
        const pvc = classOf('data-web-2', { claims: [third], sets, [slice]: blind });
        expect([pvc.class, pvc.reason]).toEqual(['unknown', expect.stringContaining('cannot list it (forbidden)')]);
      }
    },
  );

  it('the volume’s side leaves the class, and is said', () => {
    const snapshot = around({ claims: [third], sets: [web], volumes: blind, attachments: blind });
    const look = lookAtPvcs(snapshot);
    expect(look.items[0]?.class).toBe('excess');
    expect(look.unread).toEqual(['cannot list it (forbidden)', 'cannot list it (forbidden)']);
  });
});

it('adds up by class', () => {
  const claims = [made(web, 0), made(web, 1), made(web, 2, { status: { capacity: { storage: '1536Mi' } } })];
  expect(lookAtPvcs(around({ claims, sets: [web] })).totals).toEqual([
    { class: 'in-use', count: 2, size: '2Gi' },
    { class: 'excess', count: 1, size: '1536Mi' },
  ]);
});
