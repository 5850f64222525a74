import type { Json } from '../../../src/domain/kube.ts';
import { unknown } from '../../../src/domain/reading.ts';
import { foreignWriter } from '../../../src/findings/foreign-writer.ts';
import { gitopsManaged } from '../../../src/findings/gitops-managed.ts';
import { namespaceTerminating } from '../../../src/findings/namespace-terminating.ts';
import { operatorOwned } from '../../../src/findings/operator-owned.ts';
import { pdbMinAvailable } from '../../../src/findings/pdb-min-available.ts';
import { replicasApplied } from '../../../src/findings/replicas-applied.ts';
import { setBeingDeleted } from '../../../src/findings/set-being-deleted.ts';
import {
  ago,
  claimsFor,
  DAY,
  deleteOf,
  endingNamespace,
  MINUTE,
  NOW,
  pdbOf,
  podOf,
  podsOf,
  scaleTo,
  setOf,
  volumeOf,
  worldOf,
} from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const marked = (metadata: NonNullable<Parameters<typeof setOf>[0]>['metadata']) => {
  const set = setOf({ metadata: metadata ?? {} });
  return { see: worldOf(set), when: deleteOf(set) };
};
const labels = (add: Readonly<Record<string, string>>) => marked({ labels: { app: 'web', ...add } });
const annotations = (add: Readonly<Record<string, string>>) => marked({ annotations: add });
const managers = (...list: readonly string[]) =>
  marked({ managedFields: list.map((manager) => ({ manager, operation: 'Apply', time: ago(30 * DAY) })) });

const owner = { apiVersion: 'kafka.example.com/v1', kind: 'KafkaCluster', name: 'orders', uid: 'uid-kafka' };

table(operatorOwned, {
  'nobody owns it': { ...marked({}), says: [] },
  'an owner that does not control it': { ...marked({ ownerReferences: [owner] }), says: [] },
  'a controlling custom resource': {
    ...marked({ ownerReferences: [{ ...owner, controller: true }] }),
    says: ['KafkaCluster orders controls web: its operator would undo the change or react to it'],
    seen: ['statefulset/web: metadata.ownerReferences[controller] = kafka.example.com/v1 KafkaCluster/orders'],
    tries: ['kubectl edit kafkacluster.v1.kafka.example.com orders -n prod'],
  },
});

const tracking = 'argocd.argoproj.io/tracking-id';

table(gitopsManaged, {
  'no marks': { ...marked({}), says: [] },
  'kubectl is nobody': { ...managers('kubectl-client-side-apply', 'kubectl-edit'), says: [] },
  'Argo CD by its annotation': {
    ...annotations({ [tracking]: 'shop:apps/StatefulSet:prod/web' }),
    says: ['Argo CD (shop) manages web and would sync a change away, or create the set again after a delete'],
    seen: [`statefulset/web: metadata.annotations[${tracking}] = shop:apps/StatefulSet:prod/web`],
    tries: ['kubectl annotate applications.argoproj.io shop -n argocd argocd.argoproj.io/skip-reconcile=true --overwrite'],
    grade: 'proven',
  },
  'an Application outside Argo CD’s own namespace': {
    ...annotations({ [tracking]: 'team-a_shop:apps/StatefulSet:prod/web' }),
    says: [/^Argo CD \(shop\)/],
    tries: [/applications\.argoproj\.io shop -n team-a /],
  },
  'Argo CD by the instance label, which others set too': {
    ...labels({ 'app.kubernetes.io/instance': 'shop' }),
    says: [/^Argo CD \(shop\) manages web/],
    seen: ['statefulset/web: metadata.labels[app.kubernetes.io/instance] = shop'],
    grade: 'likely',
  },
  'the instance label of a Helm release is Helm’s': {
    ...marked({
      labels: { 'app.kubernetes.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'shop' },
    }),
    says: ['Helm (shop) manages web and would overwrite the change at the next upgrade'],
    seen: [
      'statefulset/web: metadata.annotations[meta.helm.sh/release-name] = shop',
      'statefulset/web: metadata.labels[app.kubernetes.io/managed-by] = Helm',
    ],
    grade: 'proven',
  },
  'managed-by Helm alone may be any renderer': {
    ...labels({ 'app.kubernetes.io/managed-by': 'Helm' }),
    says: [/^Helm manages web/],
    grade: 'likely',
  },
  'managed-by something else': { ...labels({ 'app.kubernetes.io/managed-by': 'kustomize' }), says: [] },
  'a chart that Argo CD renders': {
    ...marked({ labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { [tracking]: 'shop:apps/StatefulSet:prod/web' } }),
    says: [/^Argo CD \(shop\)/, /^Helm manages/],
  },
  'Flux Kustomization': {
    ...labels({ 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' }),
    says: ["Flux's Kustomization (apps) manages web and would put its own manifest back at the next reconciliation"],
    seen: ['statefulset/web: metadata.labels[kustomize.toolkit.fluxcd.io/name] = apps'],
    tries: [`kubectl patch kustomizations.kustomize.toolkit.fluxcd.io apps --type merge -p '{"spec":{"suspend":true}}' -n flux-system`],
  },
  'Flux told to leave this one alone': {
    ...marked({
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' },
      annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
    }),
    says: [],
  },
  'Flux HelmRelease, which is not plain Helm': {
    ...marked({
      labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': 'apps' },
      annotations: { 'meta.helm.sh/release-name': 'shop' },
    }),
    says: [/^Flux's HelmRelease \(shop\)/],
    tries: [/helmreleases\.helm\.toolkit\.fluxcd\.io shop .* -n apps$/],
  },
  'managers of its fields': {
    ...managers('argocd-controller', 'kustomize-controller', 'helm'),
    says: [/^Argo CD manages web/, /^Flux's Kustomization manages web/, /^Helm manages web/],
    seen: ['statefulset/web: metadata.managedFields[].manager = argocd-controller'],
    grade: 'proven',
  },
});

const replicas: Json = { 'f:spec': { 'f:replicas': {} } };
const wrote = (manager: string, seconds: number, fieldsV1: Json = replicas, subresource?: string) =>
  marked({
    managedFields: [{ manager, operation: 'Update', time: ago(seconds), fieldsV1, ...(subresource === undefined ? {} : { subresource }) }],
  });

table(foreignWriter, {
  'no managed fields': { ...marked({}), says: [] },
  'a program wrote replicas a moment ago': {
    ...wrote('db-operator', 3 * MINUTE),
    says: ['db-operator wrote spec.replicas of web 3m ago and may do so again'],
    seen: ['statefulset/web: metadata.managedFields[db-operator].fieldsV1 = spec.replicas'],
    grade: 'likely',
  },
  'through the scale subresource too': { ...wrote('my-scaler', MINUTE, replicas, 'scale'), says: [/^my-scaler wrote spec\.replicas/] },
  'template and partition': {
    ...wrote('rollouts', MINUTE, { 'f:spec': { 'f:template': {}, 'f:updateStrategy': { 'f:rollingUpdate': { 'f:partition': {} } } } }),
    says: [/^rollouts wrote spec\.template and spec\.updateStrategy\.rollingUpdate\.partition/],
  },
  'an hour ago is history': { ...wrote('db-operator', 60 * MINUTE), says: [] },
  'other fields': {
    ...wrote('db-operator', MINUTE, { 'f:metadata': { 'f:labels': {} }, 'f:spec': { 'f:minReadySeconds': {} } }),
    says: [],
  },
  'people and ourselves': { ...wrote('kubectl-scale', MINUTE), says: [] },
  ourselves: { ...wrote('kubectl-sts-safe', MINUTE), says: [] },
  'the HPA has a finding of its own': { ...wrote('kube-controller-manager', MINUTE, replicas, 'scale'), says: [] },
  'the set was made by it, that is all': {
    ...marked({
      creationTimestamp: ago(MINUTE),
      managedFields: [{ manager: 'node-fetch', operation: 'Update', time: ago(MINUTE), fieldsV1: replicas }],
    }),
    says: [],
  },
});

const applies = (manager: string, operation: string, fieldsV1: Json = replicas) =>
  marked({ managedFields: [{ manager, operation, time: ago(60 * MINUTE), fieldsV1 }] });

table(replicasApplied, {
  'nobody applies on the server’s side': { ...applies('kubectl-client-side-apply', 'Update'), says: [] },
  'someone does': {
    ...applies('helm', 'Apply'),
    says: ["helm applies spec.replicas of web; it becomes kubectl-sts-safe's, and an apply of another number will conflict"],
    seen: ['statefulset/web: metadata.managedFields[helm].fieldsV1 = spec.replicas'],
    grade: 'proven',
  },
  'something else': { ...applies('helm', 'Apply', { 'f:spec': { 'f:template': {} } }), says: [] },
  ourselves: { ...applies('kubectl-sts-safe', 'Apply'), says: [] },
});

const budget = (spec: Parameters<typeof pdbOf>[1], target = 'web') => worldOf(web, { pdbs: [pdbOf(target, spec)] });
const others = setOf({ name: 'web-ro', spec: { selector: { matchLabels: { app: 'web' } } } });

table(pdbMinAvailable, {
  'no budget': { see: worldOf(web), when: scaleTo(web, 1), says: [] },
  'enough remain': { see: budget({ minAvailable: 2 }), when: scaleTo(web, 2), says: [] },
  'too few remain': {
    see: budget({ minAvailable: 2 }),
    when: scaleTo(web, 1),
    says: ['PodDisruptionBudget web wants 2 healthy Pods (minAvailable 2), and 1 would remain of those it selects with web'],
    seen: ['poddisruptionbudget/web: spec.minAvailable = 2'],
  },
  'nobody remains': {
    see: budget({ minAvailable: 1 }),
    when: deleteOf(web),
    says: [/wants 1 healthy Pods \(minAvailable 1\), and 0 would remain/],
  },
  'a percentage goes with the scale': { see: budget({ minAvailable: '100%' }), when: scaleTo(web, 1), says: [] },
  'a percentage is broken by one that stays and is not Ready': {
    see: worldOf(web, { pods: podsOf(web, { 0: { ready: false } }), pdbs: [pdbOf('web', { minAvailable: '51%' })] }),
    when: scaleTo(web, 2),
    says: [/wants 2 healthy Pods \(minAvailable 51%\), and 1 would remain/],
  },
  'maxUnavailable goes with the scale': { see: budget({ maxUnavailable: 1 }), when: scaleTo(web, 1), says: [] },
  'maxUnavailable 0 and one that stays is terminating': {
    see: worldOf(web, { pods: podsOf(web, { 0: { terminatingFor: 5 } }), pdbs: [pdbOf('web', { maxUnavailable: 0 })] }),
    when: scaleTo(web, 2),
    says: [/wants 2 healthy Pods \(maxUnavailable 0\), and 1 would remain/],
    seen: ['poddisruptionbudget/web: spec.maxUnavailable = 0'],
  },
  'a percentage of maxUnavailable is rounded up': {
    see: worldOf(web, { pods: podsOf(web, { 0: { ready: false } }), pdbs: [pdbOf('web', { maxUnavailable: '10%' })] }),
    when: scaleTo(web, 2),
    says: [],
  },
  'another set’s budget': { see: budget({ minAvailable: 3 }, 'api'), when: scaleTo(web, 1), says: [] },
  'selected by expressions': {
    see: budget({ minAvailable: 3, selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] } }),
    when: scaleTo(web, 2),
    says: [/wants 3/],
  },
  'not selected by expressions': {
    see: budget({ minAvailable: 3, selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }),
    when: scaleTo(web, 2),
    says: [],
  },
  'no selector selects nothing': { see: budget({ minAvailable: 3, selector: undefined } as never), when: scaleTo(web, 2), says: [] },
  'an empty selector selects the whole namespace': {
    see: budget({ minAvailable: 3, selector: {} }),
    when: scaleTo(web, 2),
    says: [/wants 3/],
  },
  'Pods of another set under the same budget count': {
    see: worldOf(web, {
      pods: [...podsOf(web), podOf(others, 0, { metadata: { labels: { app: 'web' } } })],
      pdbs: [pdbOf('web', { minAvailable: 2 })],
    }),
    when: scaleTo(web, 1),
    says: [],
  },
});

table(setBeingDeleted, {
  'a live set': { ...marked({}), says: [] },
  'one on its way out': {
    ...marked({ deletionTimestamp: ago(MINUTE), finalizers: ['foregroundDeletion'] }),
    says: ['web is being deleted since 2026-06-01T11:59:00Z and waits for foregroundDeletion; its controller scales nothing any more'],
    seen: ['statefulset/web: metadata.finalizers = foregroundDeletion'],
  },
  'without finalizers': { ...marked({ deletionTimestamp: ago(MINUTE) }), says: [/^web is being deleted since 2026-06-01T11:59:00Z; its/] },
});

const retained = volumeOf(claimsFor(web)[0]!, { spec: { persistentVolumeReclaimPolicy: 'Retain' } });
const patch = (volume: string): string =>
  `kubectl patch pv ${volume} --type merge -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}' -n prod`;

table(namespaceTerminating, {
  'a namespace that stays': { see: worldOf(web), when: deleteOf(web), says: [] },
  'one on its way out: what is lost, and the way out as commands': {
    see: worldOf(web, { namespace: endingNamespace(), volumes: [retained] }),
    when: deleteOf(web),
    says: [
      'namespace prod is Terminating: everything in it will be destroyed, PVCs and saved manifests included; only PVs with reclaim policy Retain keep their data',
    ],
    seen: ['namespace/prod: status.phase = Terminating', 'namespace/prod: metadata.deletionTimestamp = 2026-06-01T11:59:00Z'],
    tries: [patch('pv-data-web-1'), patch('pv-data-web-2')],
    remedies: 3,
  },
  'where PVs may not be read, all of them': {
    see: worldOf(web, { namespace: endingNamespace(), volumes: unknown('forbidden', 'cannot list persistentvolumes', NOW) }),
    when: scaleTo(web, 1),
    says: [/^namespace prod is Terminating/],
    tries: [0, 1, 2].map((ordinal) => patch(`pv-data-web-${ordinal}`)),
  },
});
