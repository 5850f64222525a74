import { saidOtherwise } from '../../../src/domain/spec-difference.ts';
import { baselineNotCreatable } from '../../../src/findings/baseline-not-creatable.ts';
import { forgottenPartition } from '../../../src/findings/forgotten-partition.ts';
import { hpaTargetsSet } from '../../../src/findings/hpa-targets-set.ts';
import { manifestNotApplied } from '../../../src/findings/manifest-not-applied.ts';
import { mixedRevisions } from '../../../src/findings/mixed-revisions.ts';
import { mutableImageTag } from '../../../src/findings/mutable-image-tag.ts';
import { rolloutChanged } from '../../../src/findings/rollout-changed.ts';
import { unhealthyBaseline } from '../../../src/findings/unhealthy-baseline.ts';
import { hpaOf, podsOf, rollOut, type SetOptions, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

/** What stands in the way of a rollout, before it begins and while it is open. */

const web = setOf();
const strategy = (partition: number): NonNullable<SetOptions['spec']> => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
});
const held = setOf({ spec: strategy(2) });
const other = { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'other:1' }] } } };
const since = setOf({ spec: { ...strategy(2), ...other } });

table(forgottenPartition, {
  'partition 0': { see: worldOf(web), when: rollOut(web), says: [] },
  'none of a scale': { see: worldOf(held), when: scaleTo(held, 2), says: [] },
  OnDelete: { see: worldOf(web), when: rollOut(setOf({ spec: { updateStrategy: { type: 'OnDelete' } } })), says: [] },
  'above 0, whatever it holds': {
    see: worldOf(held),
    when: rollOut(held),
    says: ['partition 2 is set on StatefulSet web, and no rollout of sts-safe is open; this rollout would end with partition 0'],
    seen: ['statefulset/web: spec.updateStrategy.rollingUpdate.partition = 2'],
    tries: [
      `kubectl patch statefulset web --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}' -n prod`,
      'kubectl sts-safe rollout abort web -n prod',
    ],
    grade: 'proven',
  },
});

table(unhealthyBaseline, {
  'all Available': { see: worldOf(web), when: rollOut(web), says: [] },
  'none of a scale': { see: worldOf(web, { pods: podsOf(web, { 0: { ready: false } }) }), when: scaleTo(web, 2), says: [] },
  'each that is down': {
    see: worldOf(web, { pods: podsOf(web, { 0: { waiting: 'CrashLoopBackOff' }, 2: undefined }) }),
    when: rollOut(web),
    says: [/^Pod web-0 is not Ready \(.*CrashLoopBackOff/, 'Pod web-2 does not exist'],
    seen: ['pod/web-0: status.conditions[Ready].status = False'],
    tries: ['kubectl describe pod web-0 -n prod'],
    grade: 'proven',
  },
});

table(mixedRevisions, {
  'one revision': { see: worldOf(web), when: rollOut(web), says: [] },
  'none of a scale': { see: worldOf(web, { pods: podsOf(web, { 2: { revision: 'web-b' } }) }), when: scaleTo(web, 2), says: [] },
  'two before a rollout': {
    see: worldOf(web, { pods: podsOf(web, { 2: { revision: 'web-b' } }) }),
    when: rollOut(web),
    says: ['the 3 Pods of StatefulSet web carry 2 revisions (web-a, web-b), and there is no one revision to restore'],
    seen: ['pod/web-2: metadata.labels[controller-revision-hash] = web-b'],
  },
});

table(rolloutChanged, {
  'a rollout that begins': { see: worldOf(since), when: rollOut(since, { template: web.spec.template }), says: [] },
  'as it was left': { see: worldOf(held), when: rollOut(held, { template: held.spec.template, partition: 2 }), says: [] },
  'another template': {
    see: worldOf(since),
    when: rollOut(since, { template: web.spec.template, partition: 2 }),
    says: [
      'StatefulSet web is not as its rollout left it: spec.template.spec.terminationGracePeriodSeconds (removed), spec.template.spec.containers[0].image (other:1, was registry.example/main:1)',
    ],
    tries: [/^kubectl sts-safe cancel web/],
  },
  'another partition, and who wrote it': {
    see: worldOf(held),
    when: rollOut(setOf({ spec: strategy(0), metadata: { managedFields: [{ manager: 'kubectl-edit', time: '2026-06-01T11:59:00Z' }] } }), {
      template: held.spec.template,
      partition: 2,
    }),
    says: ['StatefulSet web is not as its rollout left it: partition is 0, was 2 (field manager kubectl-edit)'],
    seen: ['statefulset/web: spec.updateStrategy.rollingUpdate.partition = 0'],
  },
});

table(hpaTargetsSet, {
  'a rollout': {
    see: worldOf(web, { hpas: [hpaOf('web')] }),
    when: rollOut(web),
    says: ['HPA web keeps web at 2 to 10 members, and Pods that it adds above the partition start on the new revision'],
  },
});

table(baselineNotCreatable, {
  'all is there': { see: worldOf(web), when: rollOut(web, { lost: [] }), says: [] },
  'a ServiceAccount is gone': {
    see: worldOf(web),
    when: rollOut(web, { lost: ['serviceaccount/db'] }),
    says: ['the Pods of StatefulSet web need serviceaccount db, which does not exist: none of them could be created again'],
    seen: ['serviceaccount/db: metadata.name = <none>'],
    tries: ['kubectl get serviceaccount db -n prod'],
  },
});

table(manifestNotApplied, {
  'the template alone': { see: worldOf(web), when: rollOut(web, { others: [] }), says: [] },
  'another number of replicas': {
    see: worldOf(web),
    when: rollOut(web, { others: saidOtherwise({ replicas: 5, serviceName: 'web', updateStrategy: { type: 'RollingUpdate' } }, web) }),
    says: ['the manifest also differs in spec.replicas, which the rollout does not change'],
    seen: ['statefulset/web: spec.replicas = 3'],
    grade: 'proven',
  },
});

const ofImages = (...images: readonly string[]) => ({
  template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } },
});

table(mutableImageTag, {
  'tags and digests': {
    see: worldOf(web),
    when: rollOut(web, ofImages('db:1', 'registry.example:5000/db:8.1', 'db@sha256:0', 'db:latest@sha256:0')),
    says: [],
  },
  'none of a scale': { see: worldOf(web), when: scaleTo(web, 2), says: [] },
  'latest, and no tag at all': {
    see: worldOf(web),
    when: rollOut(web, ofImages('db:latest', 'registry.example:5000/db', 'ok:1')),
    says: ['the new Pod template names db:latest, registry.example:5000/db, which may be another image for the next Pod'],
    seen: ['statefulset/web: spec.template.spec.containers[c0].image = db:latest'],
    grade: 'likely',
  },
});
