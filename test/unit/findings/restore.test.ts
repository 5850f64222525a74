import type { ControllerRevision } from '../../../src/domain/kube.ts';
import { absent, unknown } from '../../../src/domain/reading.ts';
import { adoptedPodsRestart } from '../../../src/findings/adopted-pods-restart.ts';
import { archiveNewer } from '../../../src/findings/archive-newer.ts';
import { autoscalerWouldWake } from '../../../src/findings/autoscaler-would-wake.ts';
import { claimLost } from '../../../src/findings/claim-lost.ts';
import { claimMissing } from '../../../src/findings/claim-missing.ts';
import { claimReplaced } from '../../../src/findings/claim-replaced.ts';
import { claimTerminating } from '../../../src/findings/claim-terminating.ts';
import { liveMembers } from '../../../src/findings/live-members.ts';
import { mixedRevisions } from '../../../src/findings/mixed-revisions.ts';
import { podsBeyondArchive } from '../../../src/findings/pods-beyond-archive.ts';
import { serviceMissing } from '../../../src/findings/service-missing.ts';
import { setPresent } from '../../../src/findings/set-present.ts';
import {
  archiveOf,
  claimOf,
  claimsFor,
  hpaOf,
  NOW,
  ownerOf,
  podOf,
  podsOf,
  restoreOf,
  revisionObjectOf,
  scaledObjectOf,
  scaleTo,
  serviceOf,
  setOf,
  storedOf,
  worldOf,
} from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const restore = restoreOf(web);
const adopt = restoreOf(web, { adopt: true });
/** The set was deleted: its claims are there, it and its Pods are not. */
const gone = (slices: Parameters<typeof worldOf>[1] = {}) => worldOf(web, { set: absent('not-found', NOW), sets: [], pods: [], ...slices });
const orphan = { metadata: { ownerReferences: [] } };
const orphans = podsOf(web, { 0: orphan, 1: orphan, 2: orphan });

table(
  liveMembers,
  {
    'no Pods': { see: gone(), when: restore, says: [] },
    'a Pod of a set whose name only begins alike': { see: gone({ pods: [podOf(setOf({ name: 'web-api' }), 0)] }), when: restore, says: [] },
    'orphans that would be adopted or condemned': {
      see: gone({ pods: orphans.slice(0, 1) }),
      when: restore,
      says: ['web-0 exists (Running), and a new set would take it over or remove it'],
      seen: ['pod/web-0: metadata.ownerReferences[controller] = <none>', 'pod/web-0: metadata.labels[app] = web'],
      tries: ['kubectl sts-safe restore web --adopt -n prod'],
    },
    'also beyond the archived replicas': { see: gone({ pods: [podOf(web, 9, orphan)] }), when: restore, says: [/^web-9 exists/] },
    'with --adopt they are what is wanted': { see: gone({ pods: orphans }), when: adopt, says: [] },
    'with --adopt, one that another client controls is not': {
      see: gone({
        pods: [podOf(web, 0, { metadata: { ownerReferences: [ownerOf({ kind: 'Job', metadata: { name: 'copy', uid: 'u' } })] } })],
      }),
      when: adopt,
      says: ['web-0 exists (Running), and Job copy controls it, so no new set could take it over'],
      tries: ['kubectl delete pod web-0 -n prod'],
    },
    'with --adopt, one whose labels do not match is not': {
      see: gone({ pods: [podOf(web, 0, { metadata: { ownerReferences: [], labels: { app: 'debug' } } })] }),
      when: adopt,
      says: [/its labels do not match the set's selector, so no new set could take it over$/],
      seen: ['pod/web-0: metadata.labels[app] = debug'],
    },
    'with --adopt, one that is terminating is not: the controller adopts none': {
      see: gone({
        pods: [podOf(web, 0, { ...orphan, terminatingFor: 5 })],
      }),
      when: adopt,
      says: [/it is terminating/],
    },
    'a Pod beside a live set that does not control it': {
      see: worldOf(web, { pods: [...podsOf(web), podOf(web, 9, orphan)] }),
      when: restore,
      says: [/^web-9 exists/],
    },
    'members of a live set are set-present’s affair': { see: worldOf(web), when: restore, says: [] },
  },
  ['set'],
);

table(setPresent, {
  'not there': { see: gone(), when: restore, says: [] },
  'not known': { see: gone({ set: unknown('forbidden', 'no', NOW) }), when: restore, says: [] },
  there: {
    see: worldOf(web),
    when: restore,
    says: ['StatefulSet web exists, with 3 replicas, since 2026-05-02T12:00:00Z'],
    seen: ['statefulset/web: metadata.uid = uid-statefulset-web'],
    tries: ['kubectl sts-safe status web -n prod'],
  },
});

table(archiveNewer, {
  'one that can be read': { see: gone({ stored: storedOf(archiveOf(web)) }), when: restore, says: [] },
  'no archive at all': { see: gone(), when: restore, says: [] },
  'of a newer release': {
    see: gone({
      stored: storedOf(archiveOf(web), { archive: { state: 'newer', name: 'sts-safe.web.1', message: 'schema 2, this release knows 1' } }),
    }),
    when: restore,
    says: ['archive sts-safe.web.1 was written by a newer release of sts-safe: schema 2, this release knows 1'],
  },
  damaged: {
    see: gone({ stored: storedOf(archiveOf(web), { archive: { state: 'damaged', name: 'sts-safe.web.1', message: 'not gzip' } }) }),
    when: restore,
    says: ['archive sts-safe.web.1 is damaged: not gzip'],
    seen: ['secret/sts-safe.web.1: data = not gzip'],
    tries: ['kubectl sts-safe restore web --list -n prod'],
  },
});

table(claimMissing, {
  'all there': { see: gone(), when: restore, says: [] },
  'one is gone': {
    see: gone({ claims: claimsFor(web, { 1: undefined }) }),
    when: restore,
    says: ['data-web-1 was there when the archive was written and is gone: web-1 would come up empty'],
    seen: [
      'archive/sts-safe.web.1: claims[data-web-1].uid = uid-claim-data-web-1',
      'persistentvolumeclaim/data-web-1: metadata.uid = <none>',
    ],
    tries: ['kubectl get persistentvolume pv-data-web-1 -n prod'],
  },
  'the deletion that is open was to delete it': {
    see: gone({ claims: claimsFor(web, { 1: undefined }) }),
    when: restoreOf(web, { archive: { ...archiveOf(web), operation: 'delete', options: { deleteClaims: true } } }),
    says: ['data-web-1 is gone: this delete was to delete it (--delete-claims); web-1 would come up empty'],
    tries: ['kubectl get persistentvolume pv-data-web-1 -n prod'],
  },
  'another one that nobody archived': { see: gone({ claims: [...claimsFor(web), claimOf(web, 8)] }), when: restore, says: [] },
});

table(claimReplaced, {
  'the same objects': { see: gone(), when: restore, says: [] },
  'another object of that name': {
    see: gone({ claims: claimsFor(web, { 2: { metadata: { uid: 'uid-new', creationTimestamp: '2026-06-01T11:00:00Z' } } }) }),
    when: restore,
    says: ['data-web-2 is not the PVC that was archived but one of 2026-06-01T11:00:00Z: web-2 would come up on other data'],
    seen: [
      'persistentvolumeclaim/data-web-2: metadata.uid = uid-new',
      'archive/sts-safe.web.1: claims[data-web-2].uid = uid-claim-data-web-2',
    ],
  },
  'the archive knows no volume': {
    see: gone({ claims: claimsFor(web, { 2: { metadata: { uid: 'uid-new' } } }) }),
    when: restoreOf(web, { archive: archiveOf(web, { claims: [{ name: 'data-web-2', uid: 'uid-old' }] }) }),
    says: [/^data-web-2 is not the PVC/],
    remedies: 0,
  },
  'missing is another finding': { see: gone({ claims: [] }), when: restore, says: [] },
});

table(claimTerminating, {
  none: { see: gone(), when: restore, says: [] },
  'an archived one': {
    see: gone({ claims: claimsFor(web, { 0: { terminating: true } }) }),
    when: restore,
    says: ['data-web-0 is being deleted: web-0 cannot start on it, and comes up empty once it is gone'],
    seen: ['persistentvolumeclaim/data-web-0: metadata.finalizers = kubernetes.io/pvc-protection'],
    tries: [/^kubectl patch persistentvolume pv-data-web-0 .*Retain/, 'kubectl wait persistentvolumeclaim/data-web-0 --for=delete -n prod'],
  },
  'without finalizers or a volume': {
    see: gone({
      claims: claimsFor(web, { 0: { terminating: true, metadata: { finalizers: undefined }, spec: { volumeName: undefined } } as never }),
    }),
    when: restore,
    says: [/^data-web-0 is being deleted/],
    seen: ['persistentvolumeclaim/data-web-0: metadata.finalizers = <none>'],
    remedies: 1,
  },
  'one of a member that is to arrive': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3, { terminating: true })] }),
    when: scaleTo(web, 4),
    says: [/^data-web-3 is being deleted: web-3 cannot start on it/],
  },
  'one of a member beyond': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 4, { terminating: true })] }),
    when: scaleTo(web, 4),
    says: [],
  },
  'one of a member that runs already': {
    see: worldOf(web, { claims: claimsFor(web, { 0: { terminating: true } }) }),
    when: scaleTo(web, 4),
    says: [],
  },
});

table(claimLost, {
  none: { see: gone(), when: restore, says: [] },
  'one of a member that is to arrive': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3, { phase: 'Lost' })] }),
    when: scaleTo(web, 4),
    says: ['data-web-3 has lost its volume pv-data-web-3: web-3 would wait for it forever'],
    seen: ['persistentvolumeclaim/data-web-3: status.phase = Lost'],
    tries: ['kubectl get persistentvolume pv-data-web-3 -o yaml -n prod'],
  },
  'one that names no volume': {
    see: gone({ claims: claimsFor(web, { 0: { phase: 'Lost', spec: { volumeName: undefined } as never } }) }),
    when: restore,
    says: ['data-web-0 has lost its volume: web-0 would wait for it forever'],
    remedies: 0,
  },
  'Pending waits for its first consumer': { see: gone({ claims: claimsFor(web, { 0: { phase: 'Pending' } }) }), when: restore, says: [] },
});

table(mixedRevisions, {
  'one revision': { see: gone({ pods: orphans }), when: adopt, says: [] },
  two: {
    see: gone({ pods: podsOf(web, { 2: { ...orphan, revision: 'web-b' } }) }),
    when: adopt,
    says: ['the 3 running members of web carry 2 revisions (web-a, web-b), and a re-created set brings all to one'],
    seen: ['pod/web-2: metadata.labels[controller-revision-hash] = web-b'],
  },
  'nothing is adopted': { see: gone({ pods: podsOf(web, { 2: { revision: 'web-b' } }) }), when: restore, says: [] },
});

const oneSaved = setOf({ replicas: 1 });

table(podsBeyondArchive, {
  'nobody leaves': { see: gone({ pods: orphans }), when: adopt, says: [] },
  'two that run beyond the saved range': {
    see: gone({ pods: orphans }),
    when: restoreOf(oneSaved, { adopt: true, leaving: [1, 2] }),
    says: ['the saved manifest sts-safe.web.1 has 1 replicas, and web-1, web-2 would be deleted as beyond them'],
    seen: ['archive/sts-safe.web.1: spec.replicas = 1'],
    tries: ['kubectl sts-safe restore web --list -n prod'],
  },
  'an operation without a saved manifest has its own rules': {
    see: worldOf(web),
    when: { ...scaleTo(web, 1), archive: undefined } as never,
    says: [],
  },
});

const withImage = (image: string) => setOf({ template: { containers: [{ name: 'main', image }] } });
const ofAnother = withImage('app:2');
const made = { ...orphan, revision: 'web-b' };
const remade = podsOf(web, { 0: made, 1: made, 2: made });
const revised = (image: string): ControllerRevision => ({
  ...revisionObjectOf(web, 'web-b', 2),
  data: { spec: { template: { $patch: 'replace', ...withImage(image).spec.template } } },
});
const restarts = restoreOf(web, { adopt: true, restarting: { ordinals: [0, 1, 2], revision: 'web-a' } });

table(
  adoptedPodsRestart,
  {
    'none would be': { see: gone({ pods: orphans }), when: adopt, says: [] },
    'made from another template, which nobody knows any more': {
      see: gone({ pods: remade }),
      when: restarts,
      says: ['web-0, web-1, web-2 would be restarted, because saved manifest sts-safe.web.1 is of another revision, web-a'],
      seen: ['pod/web-2: metadata.labels[controller-revision-hash] = web-b'],
      remedies: 0,
    },
    'with what differs, where the revision that they are of can be read': {
      see: gone({ pods: remade, revisions: [revised('app:2')] }),
      when: restarts,
      says: [
        /saved manifest sts-safe\.web\.1 is of another revision, web-a; it differs in spec\.template\.spec\.containers\[0\]\.image \(\S+, was app:2\)$/,
      ],
      remedies: 0,
    },
    'in a set that is created already, with the patch that makes its template theirs': {
      see: worldOf({ ...ofAnother, status: { ...ofAnother.status, updateRevision: 'web-b' } }, { pods: orphans }),
      when: restoreOf(web, { adopt: true, restarting: { ordinals: [2], revision: 'web-b' } }),
      says: [
        /^web-2 would be restarted, because the StatefulSet is of another revision, web-b; it differs in spec\.template\.spec\.containers\[0\]\.image \(app:2, was /,
      ],
      tries: [
        /^kubectl patch statefulset web --type json -p .*\/metadata\/uid.*"op":"replace","path":"\/spec\/template\/spec\/containers\/0\/image"/,
      ],
    },
  },
  [],
);

const asleep = { minReplicas: 1, behavior: { scaleUp: { selectPolicy: 'Disabled' }, scaleDown: { selectPolicy: 'Disabled' } } };
const empty = setOf({ replicas: 0 });

table(autoscalerWouldWake, {
  none: { see: gone(), when: restore, says: [] },
  'an HPA': {
    see: gone({ hpas: [hpaOf('web')] }),
    when: restore,
    says: ['HPA web wakes with the first member and keeps web at 2 to 10 members, not at the archived 3'],
    seen: ['horizontalpodautoscaler/web: spec.minReplicas = 2'],
  },
  'an HPA that is asleep': { see: gone({ hpas: [hpaOf('web', { spec: asleep })] }), when: restore, says: [] },
  'an HPA over 0 archived members': { see: gone({ hpas: [hpaOf('web')] }), when: restoreOf(empty), says: [] },
  'KEDA, from 0 too': {
    see: gone({ scaledObjects: [scaledObjectOf('web')], hpas: [hpaOf('web', { name: 'keda-hpa-web' })] }),
    when: restoreOf(empty),
    says: ["KEDA's ScaledObject web wakes with the set and scales web by its triggers, not to the archived 0"],
    tries: ['kubectl annotate scaledobject web autoscaling.keda.sh/paused=true --overwrite -n prod'],
  },
  'KEDA that is paused': {
    see: gone({ scaledObjects: [scaledObjectOf('web', { annotations: { 'autoscaling.keda.sh/paused': 'true' } })] }),
    when: restore,
    says: [],
  },
});

table(serviceMissing, {
  there: { see: gone(), when: restore, says: [] },
  gone: {
    see: gone({ services: [serviceOf('api')] }),
    when: restore,
    says: ['Service web, which gives the members of web their names, does not exist and is not in the archive'],
    seen: ['statefulset/web: spec.serviceName = web'],
    tries: ['kubectl create service clusterip web --clusterip=None -n prod'],
  },
  'in the archive': {
    see: gone({ services: [] }),
    when: restoreOf(web, { archive: archiveOf(web, { service: { metadata: { name: 'web' } } }) }),
    says: [],
  },
  'another one in the archive': {
    see: gone({ services: [] }),
    when: restoreOf(web, { archive: archiveOf(web, { service: { metadata: { name: 'api' } } }) }),
    says: [/^Service web/],
  },
  'none is named': { see: gone({ services: [] }), when: restoreOf(setOf({ spec: { serviceName: '' } })), says: [] },
});
