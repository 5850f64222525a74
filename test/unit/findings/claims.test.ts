import { claimInUse } from '../../../src/findings/claim-in-use.ts';
import { claimNotSafe } from '../../../src/findings/claim-not-safe.ts';
import { claimShared } from '../../../src/findings/claim-shared.ts';
import { claimsDeletedOnScaleDown } from '../../../src/findings/claims-deleted-on-scale-down.ts';
import { claimOf, claimsFor, deleteOf, ownerOf, podOf, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const deletes = setOf({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' } } });
const deletedOnly = setOf({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } } });

table(claimsDeletedOnScaleDown, {
  'Retain keeps them': { see: worldOf(web), when: scaleTo(web, 1), says: [] },
  'whenScaled: Delete takes those of the members that leave': {
    see: worldOf(deletes),
    when: scaleTo(deletes, 1),
    says: ['2 PVCs would be deleted with the members that leave, for whenScaled is Delete: data-web-1, data-web-2'],
    seen: ['statefulset/web: spec.persistentVolumeClaimRetentionPolicy.whenScaled = Delete'],
    tries: [
      `kubectl patch statefulset web --type merge -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Retain"}}}' -n prod`,
    ],
  },
  'nobody leaves': { see: worldOf(deletes), when: scaleTo(deletes, 5), says: [] },
  'the members that leave have no PVCs': {
    see: worldOf(deletes, { claims: claimsFor(deletes, { 2: undefined }) }),
    when: scaleTo(deletes, 2),
    says: [],
  },
  'whenDeleted does not matter for scaling': {
    see: worldOf(deletedOnly, { claims: claimsFor(deletedOnly, { 2: { metadata: { ownerReferences: [ownerOf(deletedOnly)] } } }) }),
    when: scaleTo(deletedOnly, 2),
    says: [],
  },
  'an owner reference to the Pod is there already, whatever the policy says now': {
    see: worldOf(web, { claims: claimsFor(web, { 2: { metadata: { ownerReferences: [ownerOf(podOf(web, 2))] } } }) }),
    when: scaleTo(web, 2),
    says: ['1 PVC would be deleted with the members that leave, for a member owns them, although whenScaled is Retain: data-web-2'],
    seen: ['persistentvolumeclaim/data-web-2: metadata.ownerReferences[Pod] = web-2'],
    tries: [/^kubectl patch persistentvolumeclaim data-web-2 --type json -p '\[\{"op":"test","path":"\/metadata\/uid"/],
  },
  'the reference is on a PVC that stays': {
    see: worldOf(web, { claims: claimsFor(web, { 0: { metadata: { ownerReferences: [ownerOf(podOf(web, 0))] } } }) }),
    when: scaleTo(web, 2),
    says: [],
  },
});

const aWeb = setOf({ name: 'a-web' });
const dataA = setOf({ spec: { volumeClaimTemplates: [{ metadata: { name: 'data-a' }, spec: {} }] } });
const webApi = setOf({ name: 'web-api' });

table(claimShared, {
  'one set, one name': { see: worldOf(web), when: deleteOf(web), says: [] },
  'a name that only begins alike': {
    see: worldOf(web, { sets: [web, webApi], claims: [...claimsFor(web), ...claimsFor(webApi)] }),
    when: deleteOf(web),
    says: [],
  },
  '(data, a-web) and (data-a, web) make one name': {
    see: worldOf(aWeb, { sets: [aWeb, dataA], claims: [claimOf(aWeb, 0)] }),
    when: deleteOf(aWeb),
    says: ['data-a-web-0 is the name of a PVC of StatefulSet web too'],
    seen: [
      'statefulset/a-web: spec.volumeClaimTemplates[].metadata.name = data',
      'statefulset/web: spec.volumeClaimTemplates[].metadata.name = data-a',
    ],
  },
});

table(claimNotSafe, {
  'all Bound': { see: worldOf(web), when: deleteOf(web), says: [] },
  'Pending is not lost': { see: worldOf(web, { claims: claimsFor(web, { 1: { phase: 'Pending' } }) }), when: deleteOf(web), says: [] },
  'being deleted while a Pod uses it': {
    see: worldOf(web, { claims: claimsFor(web, { 1: { terminating: true } }) }),
    when: deleteOf(web),
    says: ['data-web-1 is being deleted and only lives while a Pod uses it: stopping the member destroys it'],
    seen: ['persistentvolumeclaim/data-web-1: metadata.deletionTimestamp = 2026-06-01T11:59:00Z'],
    tries: [`kubectl patch persistentvolume pv-data-web-1 --type merge -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}' -n prod`],
  },
  'its volume is gone, also beyond the range': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 7, { phase: 'Lost' })] }),
    when: deleteOf(web),
    says: ['data-web-7 has lost its volume pv-data-web-7'],
    seen: ['persistentvolumeclaim/data-web-7: status.phase = Lost'],
  },
  'a PVC of another client': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(webApi, 0, { phase: 'Lost' })] }),
    when: deleteOf(web),
    says: [],
  },
});

const backup = podOf(web, 0, {
  metadata: { name: 'backup-1', uid: 'uid-backup', ownerReferences: [] },
  spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } }] },
});
const destroys = { ...deleteOf(web), destroysClaims: true };

table(claimInUse, {
  'members use their own': { see: worldOf(web), when: destroys, says: [] },
  'a backup mounts one': {
    see: worldOf(web, { pods: [...[0, 1, 2].map((ordinal) => podOf(web, ordinal)), backup] }),
    when: destroys,
    says: ['data-web-1 is mounted by Pod backup-1 (Running), which is no member of web'],
    seen: ['pod/backup-1: spec.volumes[].persistentVolumeClaim.claimName = data-web-1'],
  },
  'PVCs that are kept may be mounted': { see: worldOf(web, { pods: [backup] }), when: deleteOf(web), says: [] },
});
