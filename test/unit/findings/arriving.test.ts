import type { Volume } from '../../../src/domain/kube.ts';
import type { Slices } from '../../../src/domain/snapshot.ts';
import { antiAffinityUnsatisfiable } from '../../../src/findings/anti-affinity-unsatisfiable.ts';
import { memberCountHardcoded } from '../../../src/findings/member-count-hardcoded.ts';
import { quotaExceeded } from '../../../src/findings/quota-exceeded.ts';
import { staleClaimsReattached } from '../../../src/findings/stale-claims-reattached.ts';
import { storageClassMissing } from '../../../src/findings/storage-class-missing.ts';
import {
  ago,
  claimOf,
  claimsFor,
  DAY,
  deleteOf,
  nodeOf,
  podOf,
  podsOf,
  quotaOf,
  restoreOf,
  scaleTo,
  setOf,
  storageClassOf,
  waitingVolume,
  worldOf,
} from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();

table(staleClaimsReattached, {
  'no old PVCs': { see: worldOf(web), when: scaleTo(web, 5), says: [] },
  'an old one comes back': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3, { metadata: { creationTimestamp: ago(90 * DAY) } })] }),
    when: scaleTo(web, 5),
    says: ['1 old PVC is re-attached with what is on it: data-web-3 (created 90d ago, not known since when unused)'],
    seen: ['persistentvolumeclaim/data-web-3: status.conditions[Unused].lastTransitionTime = <none>'],
  },
  'with the time since when it is unused, where the server says': {
    see: worldOf(web, {
      claims: [
        ...claimsFor(web),
        claimOf(web, 3, {
          status: { phase: 'Bound', conditions: [{ type: 'Unused', status: 'True', lastTransitionTime: ago(12 * DAY) }] },
        }),
        claimOf(web, 4, {
          status: { phase: 'Bound', conditions: [{ type: 'Unused', status: 'False', lastTransitionTime: ago(12 * DAY) }] },
        }),
      ],
    }),
    when: scaleTo(web, 5),
    says: [
      '2 old PVCs are re-attached with what is on them: data-web-3 (created 30d ago, unused for 12d), data-web-4 (created 30d ago, not known since when unused)',
    ],
    seen: ['persistentvolumeclaim/data-web-3: status.conditions[Unused].lastTransitionTime = 2026-05-20T12:00:00Z'],
  },
  'one that was never bound holds nothing': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3, { phase: 'Pending' })] }),
    when: scaleTo(web, 5),
    says: [],
  },
  'one that is going has a finding of its own': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3, { terminating: true })] }),
    when: scaleTo(web, 5),
    says: [],
  },
  'one beyond the target stays parked': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 7)] }),
    when: scaleTo(web, 5),
    says: [],
  },
  'one whose member runs already': {
    see: worldOf(web, { pods: [...podsOf(web), podOf(web, 3)], claims: [...claimsFor(web), claimOf(web, 3)] }),
    when: scaleTo(web, 4),
    says: [],
  },
});

const container = (over: object) => setOf({ template: { containers: [{ name: 'zk', ...over }] } });
const zk = container({ env: [{ name: 'ZK_REPLICAS', value: '3' }] });
const flag = container({ command: ['sh', '-c', 'start-zookeeper --servers=3 --data_dir=/data'] });
const apart = container({ args: ['-bootstrap-expect', '3', '-retry-join', 'web-0.web'] });
const listed = container({
  args: ['--initial-cluster=web-0=http://web-0.web:2380,web-1=http://web-1.web:2380,web-2=http://web-2.web:2380'],
});
const silent = (over: object, to = 5) => {
  const set = container(over);
  return { see: worldOf(set), when: scaleTo(set, to), says: [] };
};

table(memberCountHardcoded, {
  'nothing of the sort': { see: worldOf(web), when: scaleTo(web, 5), says: [] },
  'a variable': {
    see: worldOf(zk),
    when: scaleTo(zk, 5),
    says: ['the template of web still says 3 members when there are 5: ZK_REPLICAS=3 in zk'],
    seen: ['statefulset/web: spec.template.spec.containers[zk].env[ZK_REPLICAS] = ZK_REPLICAS=3'],
    tries: ['kubectl set env statefulset/web -c zk ZK_REPLICAS=5 -n prod'],
    grade: 'likely',
  },
  'downwards as well': { see: worldOf(zk), when: scaleTo(zk, 1), says: [/3 members when there are 1: ZK_REPLICAS=3/] },
  'a flag within a shell line': {
    see: worldOf(flag),
    when: scaleTo(flag, 5),
    says: [/: --servers=3 in zk$/],
    tries: ['kubectl edit statefulset/web -n prod'],
  },
  'a flag over two arguments': { see: worldOf(apart), when: scaleTo(apart, 5), says: [/: -bootstrap-expect 3 in zk$/] },
  'a list of all members': {
    see: worldOf(listed),
    when: scaleTo(listed, 5),
    says: [/: --initial-cluster=web-0=http:\/\/web-0\.web:2380,.*… in zk$/],
  },
  'a list of some members is a seed list': silent({ args: ['--seeds=web-0.web,web-1.web'] }),
  'a list of another set’s members': silent({ args: ['--peers=api-web-0,api-web-1,api-web-2'] }),
  'the number is another one': silent({ env: [{ name: 'ZK_REPLICAS', value: '5' }] }),
  'the number means something else': silent({
    env: [
      { name: 'KAFKA_MIN_INSYNC_REPLICAS', value: '3' },
      { name: 'REPLICATION_FACTOR', value: '3' },
      { name: 'MAX_SERVERS', value: '3' },
      { name: 'LOG_LEVEL', value: '3' },
    ],
    args: ['--v=3', '--retries', '3'],
  }),
  'a value that comes from elsewhere': silent({ env: [{ name: 'REPLICAS' }, { name: 'SERVERS', value: '$(COUNT)' }] }),
  'the number of members does not change': { see: worldOf(zk), when: { ...scaleTo(zk, 3) }, says: [] },
});

const unnamed = setOf({ spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] } });
const byHand = setOf({ spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName: '' } }] } });
const isDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' };

const classless = unnamed;
const stateless = setOf({ spec: { volumeClaimTemplates: undefined } as never });
const asking = [{ name: 'main', resources: { requests: { cpu: '500m' }, limits: { cpu: '1', memory: '1Gi' } } }];
const big = (storage: string) =>
  setOf({
    spec: {
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName: 'fast', resources: { requests: { storage } } } }],
    },
    template: { containers: asking },
  });
const db = big('1.5Gi');
const limited = (hard: Readonly<Record<string, string>>, used: Readonly<Record<string, string>>, spec = {}) =>
  worldOf(db, { quotas: [quotaOf(hard, used, { spec })] });

table(quotaExceeded, {
  'no quota': { see: worldOf(db), when: scaleTo(db, 5), says: [] },
  'room to the last Pod': { see: limited({ pods: '5' }, { pods: '3' }), when: scaleTo(db, 5), says: [] },
  'one Pod too many': {
    see: limited({ pods: '5' }, { pods: '4' }),
    when: scaleTo(db, 5),
    says: ['quota budget has room for 1 of 2 new members: pods 2 needed, 1 left of 5'],
    seen: ['resourcequota/budget: status.hard[pods] = 5', 'resourcequota/budget: status.used[pods] = 4'],
    tries: [
      `kubectl patch resourcequota budget --type merge -p '{"spec":{"hard":{"pods":"6"}}}' -n prod`,
      'kubectl sts-safe scale web --replicas 4 -n prod',
    ],
    grade: 'proven',
  },
  'storage, exactly': {
    see: limited({ 'requests.storage': '7.4Gi' }, { 'requests.storage': '4608Mi' }),
    when: scaleTo(db, 5),
    says: [/^quota budget has room for 1 of 2 new members: requests\.storage 3Gi needed, /],
    tries: [/"requests\.storage":"7680Mi"/],
  },
  'storage, to the last byte': {
    see: limited({ 'requests.storage': '7.5Gi' }, { 'requests.storage': '4608Mi' }),
    when: scaleTo(db, 5),
    says: [],
  },
  'of one storage class': {
    see: limited(
      { 'fast.storageclass.storage.k8s.io/requests.storage': '1Gi', 'slow.storageclass.storage.k8s.io/requests.storage': '0' },
      {},
    ),
    when: scaleTo(db, 4),
    says: ['quota budget has room for 0 of 1 new member: fast.storageclass.storage.k8s.io/requests.storage 1536Mi needed, 1Gi left of 1Gi'],
  },
  'PVCs without a class count for the default one': {
    see: worldOf(classless, {
      quotas: [
        quotaOf(
          { 'std.storageclass.storage.k8s.io/persistentvolumeclaims': '3' },
          { 'std.storageclass.storage.k8s.io/persistentvolumeclaims': '3' },
        ),
      ],
      storageClasses: [storageClassOf('fast'), storageClassOf('std', { metadata: { annotations: isDefault } })],
    }),
    when: scaleTo(classless, 4),
    says: [/^quota budget has room for 0 of 1 new member: std\.storageclass/],
  },
  'a set without PVCs': {
    see: worldOf(stateless, { quotas: [quotaOf({ pods: '3' }, { pods: '3' })] }),
    when: scaleTo(stateless, 4),
    says: ['quota budget has room for 0 of 1 new member: pods 1 needed, 0 left of 3'],
    remedies: 1,
  },
  'PVCs that exist cost nothing': {
    see: worldOf(db, {
      claims: [...claimsFor(db), claimOf(db, 3), claimOf(db, 4)],
      quotas: [quotaOf({ persistentvolumeclaims: '5' }, { persistentvolumeclaims: '5' })],
    }),
    when: scaleTo(db, 5),
    says: [],
  },
  'Pods that exist cost nothing': {
    see: worldOf(db, { pods: [...podsOf(db), podOf(db, 3)], quotas: [quotaOf({ pods: '5' }, { pods: '4' })] }),
    when: scaleTo(db, 5),
    says: [],
  },
  'requests as written, limits where there are none': {
    see: limited({ 'requests.cpu': '1', 'requests.memory': '1Gi' }, { 'requests.cpu': '500m', 'requests.memory': '512Mi' }),
    when: scaleTo(db, 4),
    says: ['quota budget has room for 0 of 1 new member: requests.memory 1Gi needed, 512Mi left of 1Gi'],
    grade: 'likely',
  },
  'more is used than allowed already': {
    see: limited({ pods: '3' }, { pods: '4' }),
    when: scaleTo(db, 4),
    says: ['quota budget has room for 0 of 1 new member: pods 1 needed, 0 left of 3'],
  },
  'what is not asked for does not matter': {
    see: limited({ services: '1', 'count/secrets': '0' }, { services: '1' }),
    when: scaleTo(db, 5),
    says: [],
  },
  'a scope that does not count these Pods': {
    see: limited({ pods: '3' }, { pods: '3' }, { scopes: ['BestEffort'] }),
    when: scaleTo(db, 5),
    says: [],
  },
  'a scope that does': {
    see: limited({ pods: '3' }, { pods: '3' }, { scopes: ['NotBestEffort', 'NotTerminating'] }),
    when: scaleTo(db, 5),
    says: [/pods 2 needed/],
  },
  'another priority class': {
    see: limited(
      { pods: '3' },
      { pods: '3' },
      { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] } },
    ),
    when: scaleTo(db, 5),
    says: [],
  },
  'restore needs them all': {
    see: worldOf(db, { pods: [], quotas: [quotaOf({ pods: '2' }, { pods: '0' })] }),
    when: restoreOf(db),
    says: [/room for 2 of 3 new members/],
    remedies: 1,
  },
});

const waiting = (name: string, spec: Partial<Volume['spec']> = {}): Volume => waitingVolume(name, { storageClassName: 'fast', ...spec });
const manual = (volumes: readonly Volume[], more: Partial<Slices> = {}) => worldOf(web, { storageClasses: [], volumes, ...more });
const local = { ...storageClassOf('fast'), provisioner: 'kubernetes.io/no-provisioner' };
const asksForClass = 'statefulset/web: spec.volumeClaimTemplates[data].spec.storageClassName = fast';

table(storageClassMissing, {
  'it is there': { see: worldOf(web), when: scaleTo(web, 4), says: [] },
  'it is not': {
    see: worldOf(web, { claims: [], storageClasses: [storageClassOf('slow')] }),
    when: scaleTo(web, 4),
    says: [
      'no volume for data-web-3: StorageClass fast does not exist (there are slow), and no Available PersistentVolume of that class fits',
    ],
    seen: [asksForClass],
    tries: ['kubectl get storageclass,persistentvolume -n prod'],
    grade: 'proven',
    remedies: 1,
  },
  'it is not, and a volume made by hand waits for each': {
    see: manual([waiting('pv-a'), waiting('pv-b')]),
    when: scaleTo(web, 5),
    says: [],
  },
  'too few of them wait': {
    see: manual([waiting('pv-a')]),
    when: scaleTo(web, 5),
    says: ['no volume for data-web-4: StorageClass fast does not exist, and no Available PersistentVolume of that class fits'],
    seen: [asksForClass, 'persistentvolume/pv-a: spec.capacity[storage] = 1Gi'],
    grade: 'proven',
  },
  'that those which run are bound to volumes of that class helps nobody': {
    see: worldOf(web, { storageClasses: [] }),
    when: scaleTo(web, 4),
    says: [/^no volume for data-web-3: StorageClass fast does not exist, and no/],
    grade: 'proven',
  },
  'a volume that waits for a PVC that exists already is not counted twice': {
    see: manual([waiting('pv-a')], { claims: [...claimsFor(web), claimOf(web, 3)] }),
    when: scaleTo(web, 5),
    says: [],
  },
  'none named, and no class at all': {
    see: worldOf(unnamed, { storageClasses: [] }),
    when: scaleTo(unnamed, 4),
    says: [
      'no volume for data-web-3: the template names no StorageClass and the cluster has no default, and no Available PersistentVolume fits',
    ],
    remedies: 1,
  },
  'none named, and volumes without a class wait': {
    see: worldOf(unnamed, { volumes: [waitingVolume('pv-a')] }),
    when: scaleTo(unnamed, 4),
    says: [],
  },
  'the PVCs exist': {
    see: worldOf(web, { claims: [...claimsFor(web), claimOf(web, 3)], storageClasses: [] }),
    when: scaleTo(web, 4),
    says: [],
  },
  'none named, and no default': {
    see: worldOf(unnamed),
    when: scaleTo(unnamed, 4),
    says: [/^no volume for data-web-3: the template names no StorageClass and the cluster has no default/],
    tries: ['kubectl annotate storageclass fast storageclass.kubernetes.io/is-default-class=true -n prod'],
    remedies: 2,
  },
  'none named, with a default': {
    see: worldOf(unnamed, { storageClasses: [storageClassOf('fast', { metadata: { annotations: isDefault } })] }),
    when: scaleTo(unnamed, 4),
    says: [],
  },
  'the empty class, and volumes without one wait': {
    see: worldOf(byHand, { volumes: [waitingVolume('pv-a')] }),
    when: scaleTo(byHand, 4),
    says: [],
  },
  'the empty class, and none waits': {
    see: worldOf(byHand, { volumes: [waiting('pv-a')] }),
    when: scaleTo(byHand, 4),
    says: ['no volume for data-web-3: storageClassName "" turns provisioning off, and no Available PersistentVolume without a class fits'],
  },
  'a class that provisions nothing': {
    see: worldOf(web, { storageClasses: [local] }),
    when: scaleTo(web, 5),
    says: [
      'no volume for data-web-3, data-web-4: StorageClass fast does not provision volumes, and no Available PersistentVolume of that class fits',
    ],
  },
  'a class that provisions nothing, where volumes wait': {
    see: worldOf(web, { storageClasses: [local], volumes: [waiting('pv-a'), waiting('pv-b')] }),
    when: scaleTo(web, 5),
    says: [],
  },
});

const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
const apartBy = (rule: object, template = {}) =>
  setOf({ template: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } }, ...template } });
const spread = apartBy(term);
const nodes = (count: number) => Array.from({ length: count }, (_, index) => nodeOf(`node-${index}`));
const on = (set: typeof web, count: number, more: readonly ReturnType<typeof nodeOf>[] = []) => ({
  see: worldOf(set, { nodes: [...nodes(count), ...more] }),
  when: scaleTo(set, 5),
});

table(antiAffinityUnsatisfiable, {
  'no anti-affinity': { ...on(web, 3), says: [] },
  'a node for each': { ...on(spread, 5), says: [] },
  'one node short': {
    ...on(spread, 4),
    says: ['2 members of web need a node of their own, and 1 of 4 nodes is free for them'],
    seen: ['node/node-0: runs = pod/web-0'],
    tries: ['kubectl sts-safe scale web --replicas 4 -n prod'],
    remedies: 1,
    grade: 'proven',
  },
  'a cordoned one is not free': {
    ...on(spread, 4, [nodeOf('node-9', { spec: { unschedulable: true } })]),
    says: [/^2 members of web need a node of their own, and 1 of 5 nodes is free/],
    seen: ['node/node-9: spec.unschedulable = true'],
    tries: ['kubectl uncordon node-9 -n prod'],
  },
  'a cordoned one on which a member stays does no harm': {
    see: worldOf(spread, { nodes: [nodeOf('node-0', { spec: { unschedulable: true } }), ...nodes(5).slice(1)] }),
    when: scaleTo(spread, 5),
    says: [],
  },
  'a tainted one is not free': {
    ...on(spread, 4, [nodeOf('node-9', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } })]),
    says: [/1 of 5 nodes is free/],
    seen: ['node/node-9: spec.taints = gpu=yes:NoSchedule'],
  },
  'a taint that is tolerated, and one that only prefers': {
    ...on(apartBy(term, { tolerations: [{ key: 'gpu', operator: 'Exists' }] }), 4, [
      nodeOf('node-9', {
        spec: {
          taints: [
            { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
            { key: 'busy', effect: 'PreferNoSchedule' },
          ],
        },
      }),
    ]),
    says: [],
  },
  'no room at all: no smaller number helps': { ...on(spread, 3), says: [/^2 members .* 0 of 3 nodes are free/], remedies: 0 },
  'one that stays waits for a node as well': {
    see: worldOf(spread, { nodes: nodes(3), pods: [podOf(spread, 0), podOf(spread, 1)] }),
    when: scaleTo(spread, 4),
    says: ['2 members of web need a node of their own, and 1 of 3 nodes is free for them'],
    remedies: 0,
  },
  'restore has no number to choose': {
    see: worldOf(spread, { nodes: nodes(2), pods: [] }),
    when: restoreOf(spread),
    says: [/^3 members .* 2 of 2 nodes are free/],
    remedies: 0,
  },
  'one node has no hostname label: nothing can be violated there': {
    ...on(spread, 3, [nodeOf('node-9', { metadata: { labels: {} } })]),
    says: [],
  },
  'a node outside the selector': {
    ...on(apartBy(term, { nodeSelector: { disk: 'ssd' } }), 5),
    says: [/0 of 5 nodes are free/],
    seen: ['node/node-4: metadata.labels[disk] = <none>'],
  },
  'a node outside the required node affinity': {
    ...on(
      apartBy(term, {
        affinity: {
          podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-3'] }] }],
            },
          },
        },
      }),
      5,
    ),
    says: [/1 of 5 nodes is free/],
  },
  'another workload that matches the term takes a node': {
    see: worldOf(spread, {
      nodes: nodes(5),
      pods: [...podsOf(spread), podOf(setOf({ name: 'other' }), 4, { metadata: { labels: { app: 'web' } } })],
    }),
    when: scaleTo(spread, 5),
    says: [/1 of 5 nodes is free/],
    seen: ['node/node-4: runs = pod/other-4'],
  },
  'one that has ended does not': {
    see: worldOf(spread, {
      nodes: nodes(5),
      pods: [...podsOf(spread), podOf(setOf({ name: 'other' }), 4, { phase: 'Succeeded', metadata: { labels: { app: 'web' } } })],
    }),
    when: scaleTo(spread, 5),
    says: [],
  },
  'by zone': { ...on(apartBy({ ...term, topologyKey: 'topology.kubernetes.io/zone' }), 3), says: [] },
  'against another client': { ...on(apartBy({ ...term, labelSelector: { matchLabels: { app: 'batch' } } }), 3), says: [] },
  'in another namespace': { ...on(apartBy({ ...term, namespaces: ['test'] }), 3), says: [] },
  'in every namespace': { ...on(apartBy({ ...term, namespaceSelector: {} }), 3), says: [/0 of 3 nodes are free/] },
  'with keys that the server fills in': { ...on(apartBy({ ...term, matchLabelKeys: ['apps.kubernetes.io/pod-index'] }), 3), says: [] },
  'nobody arrives': { see: worldOf(spread, { nodes: nodes(3) }), when: deleteOf(spread), says: [] },
});
