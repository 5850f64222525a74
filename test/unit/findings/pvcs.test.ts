import { describe, expect, it } from 'vitest';
import type { Volume } from '../../../src/domain/kube.ts';
import type { Intent } from '../../../src/findings/check.ts';
import { pvcHeldByFinalizer } from '../../../src/findings/pvc-held-by-finalizer.ts';
import { pvcInUse } from '../../../src/findings/pvc-in-use.ts';
import { pvcNotRestorable } from '../../../src/findings/pvc-not-restorable.ts';
import { pvcParked } from '../../../src/findings/pvc-parked.ts';
import { setOperationOpen } from '../../../src/findings/set-operation-open.ts';
import { volumeDoesNotFit } from '../../../src/findings/volume-does-not-fit.ts';
import { volumeStatic } from '../../../src/findings/volume-static.ts';
import { volumeWouldBeDeleted } from '../../../src/findings/volume-would-be-deleted.ts';
import type { Pvc, PvcClass } from '../../../src/pvcs/pvc.ts';
import { claimOf, deleteOf, NAMESPACE, setOf, snapshotOf, volumeOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf({ replicas: 2 });
const claim = claimOf(web, 2);
const volume = volumeOf(claim);
const about: Intent = { ...deleteOf(web), leaving: [] };

const pvc = (name: PvcClass, reason: string): Pvc => ({
  namespace: NAMESPACE,
  name: 'data-web-2',
  uid: claim.metadata.uid,
  class: name,
  reason,
  evidence: [{ object: 'statefulset/web', field: 'spec.replicas', value: '2' }],
  set: 'web',
  phase: 'Bound',
  hazards: [],
});
const excess: Intent = { ...about, pvcs: [pvc('excess', 'StatefulSet web has ordinals 0 to 1, and nothing known gives it more')] };
const marked = (over: Partial<Volume['metadata']>, spec: Partial<Volume['spec']> = {}): Volume => ({
  ...volume,
  metadata: { ...volume.metadata, ...over },
  spec: { ...volume.spec, ...spec },
});
const see = (claims: readonly (typeof claim)[], followedVolumes: readonly Volume[]) => snapshotOf({ claims, followedVolumes });

table(pvcInUse, {
  'another class': { see: see([claim], [volume]), when: excess, says: [] },
  'one that a Pod mounts': {
    see: see([claim], [volume]),
    when: { ...about, pvcs: [pvc('in-use', 'is mounted by Pod web-2 (Running)')] },
    says: ['PVC data-web-2 is mounted by Pod web-2 (Running)'],
  },
});

table(pvcParked, {
  'a reason that is a sentence': {
    see: see([claim], [volume]),
    when: { ...about, pvcs: [pvc('parked', 'StatefulSet web is scaled to 0')] },
    says: ['PVC data-web-2 is parked: StatefulSet web is scaled to 0'],
  },
});

const other = { ...volume, metadata: { ...volume.metadata, name: 'pv-other', uid: 'other' } };
const reserved = { ...other, spec: { ...other.spec, claimRef: { namespace: NAMESPACE, name: 'data-web-2' } } };
const begun = JSON.stringify({ policy: 'Delete', namespace: NAMESPACE, name: 'data-web-2', uid: claim.metadata.uid, manifest: {} });
const ending = claimOf(web, 2, { terminating: true });

table(pvcNotRestorable, {
  'bound to its volume': { see: see([claim], [volume]), when: excess, says: [] },
  'without a volume': { see: see([claim], []), when: excess, says: ['PVC data-web-2 could not be restored: it has no volume'] },
  'bound to another': {
    see: see([claim], [marked({}, { claimRef: { namespace: NAMESPACE, name: 'data-web-2', uid: 'another' } })]),
    when: excess,
    says: [/PV pv-data-web-2 is not bound to it/],
  },
  'being deleted by another client': {
    see: see([ending], [volume]),
    when: excess,
    says: [/another client is deleting it/],
    tries: [/^kubectl patch pv pv-data-web-2 .*Retain/],
  },
  'begun by an earlier run': {
    see: see(
      [claim],
      [marked({ annotations: { 'sts-safe.dev/retired': begun } }, { claimRef: { namespace: NAMESPACE, name: 'data-web-2' } })],
    ),
    when: excess,
    says: [],
  },
  'another volume is reserved for the name': {
    see: see([claim], [volume, reserved]),
    when: excess,
    says: [/PV pv-other is reserved for its name already/],
  },
  'which is the one that takes its place': { see: see([claim], [volume, reserved]), when: { ...excess, volumes: [reserved] }, says: [] },
  'no room in the annotations': {
    see: see([claim], [marked({ annotations: { big: 'x'.repeat(255_000) } })]),
    when: excess,
    says: [/has no room for its manifest/],
  },
});

table(pvcHeldByFinalizer, {
  'Kubernetes’ own and ours': {
    see: see([claimOf(web, 2, { metadata: { finalizers: ['kubernetes.io/pvc-protection', 'sts-safe.dev/retire'] } })], [volume]),
    when: excess,
    says: [],
  },
  'another controller’s': {
    see: see([claimOf(web, 2, { metadata: { finalizers: ['example.com/hold'] } })], [volume]),
    when: excess,
    says: [/stays in Terminating until finalizer example\.com\/hold .* is removed; its data is retained/],
  },
});

const recorded = setOf({ metadata: { annotations: { 'sts-safe.dev/operation': '{}' } } });
const saved = { namespace: NAMESPACE, name: 'web', replicas: 3, hasRecord: true };
table(setOperationOpen, {
  none: { see: snapshotOf({ sets: [web], savedSets: [{ ...saved, hasRecord: false }] }), when: excess, says: [] },
  'recorded on the StatefulSet': {
    see: snapshotOf({ sets: [recorded], savedSets: [] }),
    when: excess,
    says: ['an operation on StatefulSet web is unfinished'],
  },
  'recorded on the index of one that is gone': { see: snapshotOf({ sets: [], savedSets: [saved] }), when: excess, says: [/unfinished/] },
});

const fits: Intent = { ...about, volumes: [marked({}, { accessModes: ['ReadWriteOnce'] })], claimName: 'data-web-2' };
const asking = (spec: Partial<typeof claim.spec>) => see([claimOf(web, 2, { spec })], [volume]);
table(volumeDoesNotFit, {
  'as it was': { see: see([claim], [volume]), when: fits, says: [] },
  'no PVC of the name': { see: see([], [volume]), when: fits, says: [] },
  'too small': { see: asking({ resources: { requests: { storage: '2Gi' } } }), when: fits, says: [/it has 1Gi, and 2Gi is requested/] },
  'another class': { see: asking({ storageClassName: 'slow' }), when: fits, says: [/of StorageClass fast, and slow is requested/] },
  'another mode': { see: asking({ volumeMode: 'Block' }), when: fits, says: [/its volume mode is Filesystem/] },
  'another access mode': { see: asking({ accessModes: ['ReadWriteMany'] }), when: fits, says: [/does not offer ReadWriteMany/] },
});

const provisioned = marked({ annotations: { 'pv.kubernetes.io/provisioned-by': 'csi.example.com' } });
table(volumeStatic, {
  provisioned: { see: see([], [provisioned]), when: { ...about, volumes: [provisioned], destroysVolumes: true }, says: [] },
  'made by hand': {
    see: see([], [volume]),
    when: { ...about, volumes: [volume], destroysVolumes: true },
    says: [/made by no provisioner/],
  },
  'made by hand, and kept': { see: see([], [volume]), when: { ...about, volumes: [volume] }, says: [] },
});

const guarded = (policy: string): Volume => marked({ annotations: { 'sts-safe.dev/protected': JSON.stringify({ policy }) } });
table(volumeWouldBeDeleted, {
  'its PVC lives': { see: see([claim], [volume]), when: { ...about, volumes: [guarded('Delete')] }, says: [] },
  'its PVC is gone': { see: see([], [volume]), when: { ...about, volumes: [guarded('Delete')] }, says: [/PVC data-web-2 is gone/] },
  'its PVC is going': { see: see([ending], [volume]), when: { ...about, volumes: [guarded('Delete')] }, says: [/is being deleted/] },
  'it was retained before': { see: see([], [volume]), when: { ...about, volumes: [guarded('Retain')] }, says: [] },
});

describe('a class', () => {
  it('has a check of its own, but for those that may be retired', async () => {
    const { CHECKS } = await import('../../../src/findings/index.ts');
    const { PVC_CLASSES } = await import('../../../src/pvcs/pvc.ts');
    const ids = new Set(CHECKS.map(({ id }) => id));
    expect(PVC_CLASSES.filter((name) => !ids.has(`pvc-${name}`))).toEqual(['excess', 'set-deleted']);
  });
});
