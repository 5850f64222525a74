import { baselineLostAtZero } from '../../../src/findings/baseline-lost-at-zero.ts';
import { heldByPartition } from '../../../src/findings/held-by-partition.ts';
import { rolloutInProgress } from '../../../src/findings/rollout-in-progress.ts';
import { rolloutProgressing } from '../../../src/findings/rollout-progressing.ts';
import { rolloutStuck } from '../../../src/findings/rollout-stuck.ts';
import { deleteOf, HOUR, MINUTE, podsOf, type SetOptions, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

/** Five members between revisions web-a and web-b. */
const between = (spec: SetOptions['spec'] = {}) =>
  setOf({ replicas: 5, spec, status: { currentRevision: 'web-a', updateRevision: 'web-b' } });
const old = { revision: 'web-a' };
const web = setOf();
const rolling = between();
const halfway = worldOf(rolling, { pods: podsOf(rolling, { 0: old, 1: old, 2: old }) });
const crashing = worldOf(rolling, {
  pods: podsOf(rolling, { 0: old, 1: old, 2: old, 3: old, 4: { waiting: 'CrashLoopBackOff', readySince: MINUTE } }),
});
const canary = between({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 4 } } });
const held = worldOf(canary, { pods: podsOf(canary, { 0: old, 1: old, 2: old, 3: old }) });
const moved = between({ ordinals: { start: 2 } });
const recreate = between({ updateStrategy: { type: 'Recreate' } });
const onDelete = between({ updateStrategy: { type: 'OnDelete' } });
const drifted = worldOf(onDelete, { pods: podsOf(onDelete, { 0: old }) });
const unseen = setOf({ metadata: { generation: 7 }, status: { observedGeneration: 6 } });

table(rolloutInProgress, {
  'one revision for all': { see: worldOf(web), when: scaleTo(web, 2), says: [] },
  'members still to be replaced': {
    see: halfway,
    when: scaleTo(rolling, 3),
    says: ['web is rolling out web-b: 3 members still to come (web-0, web-1, web-2); two changes would take members down at once'],
    seen: [
      'statefulset/web: status.currentRevision = web-a',
      'statefulset/web: status.updateRevision = web-b',
      'pod/web-0: metadata.labels[controller-revision-hash] = web-a',
    ],
    tries: [
      'kubectl rollout status statefulset/web -n prod',
      `kubectl patch statefulset web --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":3}}}}' -n prod`,
    ],
    grade: 'proven',
  },
  'nothing is left to be held when the last one starts': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: undefined }) }),
    when: scaleTo(rolling, 3),
    says: [/1 member still to come \(web-0\)/],
    remedies: 1,
  },
  'the partition to hold it counts from ordinals.start': {
    see: worldOf(moved, { pods: podsOf(moved, { 2: old, 3: old }) }),
    when: scaleTo(moved, 3),
    says: [/2 members still to come \(web-2, web-3\)/],
    tries: [/"partition":2/],
  },
  'a strategy without partitions cannot be held': {
    see: worldOf(recreate, { pods: podsOf(recreate, { 0: old }) }),
    when: scaleTo(recreate, 3),
    says: [/1 member still to come/],
    remedies: 1,
  },
  'the last one is replaced and starts': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: { ready: false, readySince: 20 } }) }),
    when: scaleTo(rolling, 3),
    says: [/1 member still to come \(web-0\)/],
  },
  'all replaced and Ready, not promoted yet': { see: worldOf(rolling), when: scaleTo(rolling, 3), says: [] },
  'held by a partition is not under way': { see: held, when: scaleTo(canary, 3), says: [] },
  'a canary above the partition that still starts is under way': {
    see: worldOf(canary, { pods: podsOf(canary, { 0: old, 1: old, 2: old, 3: old, 4: { ready: false, readySince: 20 } }) }),
    when: scaleTo(canary, 3),
    says: [/1 member still to come \(web-4\)/],
  },
  'OnDelete moves nothing': { see: drifted, when: scaleTo(onDelete, 3), says: [] },
  'stuck is another finding': { see: crashing, when: scaleTo(rolling, 3), says: [] },
  'a spec that the controller has not seen': {
    see: worldOf(unseen),
    when: scaleTo(unseen, 2),
    says: [/has not seen the newest spec of web yet \(generation 7, seen 6\)/],
    seen: ['statefulset/web: status.observedGeneration = 6'],
    grade: 'unknown',
  },
  'an unready member without any rollout': {
    see: worldOf(web, { pods: podsOf(web, { 1: { ready: false, readySince: 20 } }) }),
    when: scaleTo(web, 2),
    says: [],
  },
});

table(rolloutProgressing, {
  'one revision for all': { see: worldOf(web), when: deleteOf(web), says: [] },
  'the same condition, with what delete loses': {
    see: halfway,
    when: deleteOf(rolling),
    says: [/deleting now ends it part-way and loses the revision/],
  },
  'stuck does not count': { see: crashing, when: deleteOf(rolling), says: [] },
});

const parallel = between({ podManagementPolicy: 'Parallel' });
const budgeted = between({
  podManagementPolicy: 'Parallel',
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } },
});

table(rolloutStuck, {
  'one revision for all': { see: worldOf(web), when: deleteOf(web), says: [] },
  'the new revision does not start': {
    see: crashing,
    when: deleteOf(rolling),
    says: ['web is stuck: its rollout of web-b waits for web-4 (CrashLoopBackOff), 5 members not done'],
    seen: [
      'pod/web-4: status.containerStatuses[main].state.waiting.reason = CrashLoopBackOff',
      'pod/web-4: metadata.labels[controller-revision-hash] = web-b',
    ],
    tries: ['kubectl sts-safe rollout abort web -n prod'],
    grade: 'likely',
  },
  'scaling the broken one away hands the revision on': {
    see: crashing,
    when: scaleTo(rolling, 4),
    says: [/with that member gone the next one gets the same revision$/],
  },
  'it may still be starting': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: old, 1: old, 2: old, 3: old, 4: { ready: false, readySince: 9 * MINUTE } }) }),
    when: deleteOf(rolling),
    says: [],
  },
  'ten minutes are not a slow start': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: old, 1: old, 2: old, 3: old, 4: { ready: false, readySince: 11 * MINUTE } }) }),
    when: deleteOf(rolling),
    says: [/waits for web-4 \(not Ready for 11m\)/],
  },
  'an ordered controller waits for the lowest unready one, of whatever revision (#67250)': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: old, 1: { ...old, waiting: 'CrashLoopBackOff' }, 2: old }) }),
    when: deleteOf(rolling),
    says: [/waits for web-1 \(CrashLoopBackOff\), 3 members not done/],
  },
  'a parallel one replaces a stale broken Pod by itself': {
    see: worldOf(parallel, { pods: podsOf(parallel, { 0: old, 1: { ...old, waiting: 'CrashLoopBackOff' } }) }),
    when: deleteOf(parallel),
    says: [],
  },
  'a parallel one waits for the updated one above': {
    see: worldOf(parallel, { pods: podsOf(parallel, { 0: old, 1: old, 3: { waiting: 'ImagePullBackOff' } }) }),
    when: deleteOf(parallel),
    says: [/waits for web-3 \(ImagePullBackOff\), 3 members not done/],
  },
  'with maxUnavailable the budget is eaten wherever the broken one is (#137409)': {
    see: worldOf(budgeted, { pods: podsOf(budgeted, { 0: { ...old, waiting: 'CrashLoopBackOff' }, 1: old }) }),
    when: deleteOf(budgeted),
    says: [/waits for web-0 \(CrashLoopBackOff\)/],
  },
  'terminating beyond its deadline': {
    see: worldOf(rolling, { pods: podsOf(rolling, { 0: old, 1: old, 2: { ...old, terminatingFor: HOUR } }) }),
    when: deleteOf(rolling),
    says: [/waits for web-2 \(59m past its deadline\)/],
  },
  'a broken member without any rollout': {
    see: worldOf(web, { pods: podsOf(web, { 1: { waiting: 'CrashLoopBackOff' } }) }),
    when: deleteOf(web),
    says: [],
  },
});

const shifted = between({ ordinals: { start: 2 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 4 } } });

table(heldByPartition, {
  'one revision for all, although there is a partition': {
    see: worldOf(setOf({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } } })),
    when: scaleTo(web, 2),
    says: [],
  },
  'members below the partition': {
    see: held,
    when: scaleTo(canary, 3),
    says: ['partition 4 holds 4 members of web (web-0, web-1, web-2, web-3) back from web-b'],
    seen: [
      'statefulset/web: spec.updateStrategy.rollingUpdate.partition = 4',
      'pod/web-3: metadata.labels[controller-revision-hash] = web-a',
    ],
    tries: [`kubectl patch statefulset web --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}' -n prod`],
  },
  'the partition counts from ordinals.start (#128529)': {
    see: worldOf(shifted, { pods: podsOf(shifted, { 2: old, 3: old, 4: old, 5: old }) }),
    when: deleteOf(shifted),
    says: [/holds 4 members of web \(web-2, web-3, web-4, web-5\)/],
  },
  'nothing is held while the rollout moves': { see: halfway, when: scaleTo(rolling, 3), says: [] },
});

table(baselineLostAtZero, {
  'to one member, the baseline is kept': { see: held, when: scaleTo(canary, 1), says: [] },
  'to zero with a canary': {
    see: held,
    when: scaleTo(canary, 0),
    says: [
      /^the partition keeps 4 members \(web-0, web-1, web-2, web-3\) on an older revision, and at 0 members the controller forgets it: all come back on web-b$/,
    ],
    seen: ['statefulset/web: status.updateRevision = web-b'],
    tries: [/"partition":0/],
  },
  'to zero with OnDelete': { see: drifted, when: deleteOf(onDelete), says: [/^strategy OnDelete keeps 1 member \(web-0\)/] },
  'nobody is there to leave': {
    see: held,
    when: { ...deleteOf(canary), leaving: [] },
    says: [],
  },
  'to zero with one revision': { see: worldOf(web), when: scaleTo(web, 0), says: [] },
});
