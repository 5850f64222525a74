import { describe, expect, it } from 'vitest';
import { earlierPodNotReady } from '../../../src/findings/earlier-pod-not-ready.ts';
import { podFinalizer } from '../../../src/findings/pod-finalizer.ts';
import { podOnLostNode } from '../../../src/findings/pod-on-lost-node.ts';
import { releasedPod } from '../../../src/findings/released-pod.ts';
import { shortGrace } from '../../../src/findings/short-grace.ts';
import { unhealthyMemberStays } from '../../../src/findings/unhealthy-member-stays.ts';
import { unhealthyMembers } from '../../../src/findings/unhealthy-members.ts';
import { deleteOf, MINUTE, nodeOf, type PodOptions, podOf, podsOf, scaleTo, setOf, worldOf } from '../../support/objects.ts';
import { table } from './table.ts';

const web = setOf();
const slow = setOf({ spec: { minReadySeconds: 60 } });
const released = podOf(web, 1, { metadata: { labels: { app: 'debug' }, ownerReferences: [] } });

table(unhealthyMemberStays, {
  'is silent when everybody is healthy': { see: worldOf(web), when: scaleTo(web, 2), says: [] },
  'going up, an ordered set waits for the one that is down': {
    see: worldOf(web, { pods: podsOf(web, { 1: { waiting: 'CrashLoopBackOff', restarts: 12, readySince: 5 * MINUTE } }) }),
    when: scaleTo(web, 5),
    says: [/^web-1 stays and is not Ready .*; the controller creates no other member before it is ready$/],
  },
  'says what is wrong with a member that stays': {
    see: worldOf(web, { pods: podsOf(web, { 1: { waiting: 'CrashLoopBackOff', restarts: 12, readySince: 5 * MINUTE } }) }),
    when: scaleTo(web, 2),
    says: ['web-1 stays and is not Ready (0/1 containers, CrashLoopBackOff, 12 restarts, for 5m)'],
    seen: [
      'pod/web-1: status.conditions[Ready].status = False',
      'pod/web-1: status.containerStatuses[main].state.waiting.reason = CrashLoopBackOff',
    ],
    tries: ['kubectl describe pod web-1 -n prod', 'kubectl logs web-1 --previous --all-containers -n prod'],
    grade: 'proven',
  },
  'lets the broken highest one go': {
    see: worldOf(web, { pods: podsOf(web, { 2: { waiting: 'CrashLoopBackOff' } }) }),
    when: scaleTo(web, 2),
    says: [],
  },
  'a missing member that stays': {
    see: worldOf(web, { pods: podsOf(web, { 0: undefined }) }),
    when: scaleTo(web, 2),
    says: ['web-0 stays and does not exist'],
    remedies: 1,
    seen: ['pod/web-0: metadata.name = <none>'],
    tries: [/kubectl get events --field-selector involvedObject\.name=web-0/],
  },
  'a terminating member that stays': {
    see: worldOf(web, { pods: podsOf(web, { 0: { terminatingFor: 90 } }) }),
    when: scaleTo(web, 2),
    says: ['web-0 stays and is terminating (1m past its deadline)'],
  },
  'one that has never crashed has no log of before': {
    see: worldOf(web, { pods: podsOf(web, { 0: { ready: false, readySince: 5 } }) }),
    when: scaleTo(web, 2),
    says: [/^web-0 stays and is not Ready/],
    tries: ['kubectl describe pod web-0 -n prod'],
    remedies: 1,
  },
  'a Pod that is terminating within its grace': {
    see: worldOf(web, { pods: podsOf(web, { 0: { terminatingFor: 10 } }) }),
    when: scaleTo(web, 2),
    says: ['web-0 stays and is terminating (20s of grace left)'],
  },
  'a Pod that ended': {
    see: worldOf(web, { pods: podsOf(web, { 0: { phase: 'Failed', ready: false } }) }),
    when: scaleTo(web, 2),
    says: ['web-0 stays and has ended (phase Failed)'],
    seen: ['pod/web-0: status.phase = Failed'],
  },
  'Ready, but not long enough for minReadySeconds': {
    see: worldOf(slow, { pods: podsOf(slow, { 0: { readySince: 12 } }) }),
    when: scaleTo(slow, 2),
    says: ['web-0 stays and is Ready for 12s of its minReadySeconds 60'],
  },
  'Ready long enough for minReadySeconds': {
    see: worldOf(slow, { pods: podsOf(slow, { 0: { readySince: 61 } }) }),
    when: scaleTo(slow, 2),
    says: [],
  },
  'a Pod that cannot be scheduled names the scheduler’s reason': {
    see: worldOf(web, {
      pods: podsOf(web, {
        0: {
          phase: 'Pending',
          ready: false,
          status: { containerStatuses: [], conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
        },
      }),
    }),
    when: scaleTo(web, 2),
    says: [/^web-0 stays and is not Ready \(Pending, 0\/1 containers, Unschedulable, for 30d\)$/],
    seen: ['pod/web-0: status.conditions[PodScheduled].reason = Unschedulable'],
  },
  'a released Pod in a member’s place': {
    see: worldOf(web, { pods: podsOf(web).map((pod) => (pod.metadata.name === 'web-1' ? released : pod)) }),
    when: scaleTo(web, 2),
    says: ['web-1 stays and the Pod of that name is not controlled by the set'],
  },
});

table(unhealthyMembers, {
  'is silent when everybody is healthy': { see: worldOf(web), when: deleteOf(web), says: [] },
  'counts and names them in one sentence': {
    see: worldOf(web, { pods: podsOf(web, { 0: { waiting: 'ImagePullBackOff', readySince: 30 }, 2: undefined }) }),
    when: deleteOf(web),
    says: ['2 of 3 members are not healthy: web-0 is not Ready (0/1 containers, ImagePullBackOff, for 30s); web-2 does not exist'],
    seen: ['pod/web-0: status.containerStatuses[main].state.waiting.reason = ImagePullBackOff', 'pod/web-2: metadata.name = <none>'],
  },
  'one is one': {
    see: worldOf(web, { pods: podsOf(web, { 1: { ready: false, readySince: 30 } }) }),
    when: deleteOf(web),
    says: ['1 of 3 members is not healthy: web-1 is not Ready (0/1 containers, for 30s)'],
  },
  'of many it names a few': {
    see: worldOf(setOf({ spec: { replicas: 9 } }), { pods: [] }),
    when: deleteOf(setOf({ spec: { replicas: 9 } })),
    says: [
      '9 of 9 members are not healthy: web-0 does not exist; web-1 does not exist; web-2 does not exist; web-3 does not exist; and 5 more',
    ],
    seen: ['pod/web-8: metadata.name = <none>'],
  },
});

const hasty = setOf({ template: { terminationGracePeriodSeconds: 0 } });
const raised = setOf({ template: { terminationGracePeriodSeconds: 10 } });

table(shortGrace, {
  'thirty seconds are fine': { see: worldOf(web), when: deleteOf(web), says: [] },
  'ten seconds are fine': { see: worldOf(raised), when: deleteOf(raised), says: [] },
  'members that get nothing at all': {
    see: worldOf(hasty),
    when: scaleTo(hasty, 1),
    says: ['2 members that leave have 0 s to shut down before being killed: web-1, web-2'],
    seen: ['statefulset/web: spec.template.spec.terminationGracePeriodSeconds = 0', 'pod/web-2: spec.terminationGracePeriodSeconds = 0'],
    tries: [
      /^kubectl patch statefulset web --type merge -p '\{"spec":\{"template":\{"spec":\{"terminationGracePeriodSeconds":30\}\}\}\}' -n prod$/,
    ],
  },
  'only the member that leaves counts, whatever the template says now': {
    see: worldOf(web, {
      pods: podsOf(web, { 0: { spec: { terminationGracePeriodSeconds: 1 } }, 2: { spec: { terminationGracePeriodSeconds: 5 } } }),
    }),
    when: scaleTo(web, 2),
    says: ['1 member that leaves has 5 s to shut down before being killed: web-2'],
    tries: [],
  },
  'the shortest of several': {
    see: worldOf(web, {
      pods: podsOf(web, { 1: { spec: { terminationGracePeriodSeconds: 9 } }, 2: { spec: { terminationGracePeriodSeconds: 2 } } }),
    }),
    when: scaleTo(web, 1),
    says: ['2 members that leave have 2 s to shut down before being killed: web-1, web-2'],
    remedies: 0,
  },
  'a template that is short although the Pods are not yet': {
    see: worldOf(hasty, { pods: podsOf(web) }),
    when: scaleTo(hasty, 2),
    says: ['the template of web gives its members 0 s to shut down'],
  },
});

table(podFinalizer, {
  'is silent without finalizers': { see: worldOf(web), when: deleteOf(web), says: [] },
  'names the finalizer of a member that leaves': {
    see: worldOf(web, { pods: podsOf(web, { 2: { metadata: { finalizers: ['example.com/drain', 'example.com/audit'] } } }) }),
    when: scaleTo(web, 2),
    says: [
      'Pod web-2 remains Terminating until finalizers example.com/drain (likely owner: example.com), example.com/audit (likely owner: example.com) are removed',
    ],
    seen: ['pod/web-2: metadata.finalizers = example.com/drain, example.com/audit'],
  },
  'one that stays does not matter': {
    see: worldOf(web, { pods: podsOf(web, { 1: { metadata: { finalizers: ['example.com/drain'] } } }) }),
    when: scaleTo(web, 2),
    says: [],
  },
});

table(releasedPod, {
  'members are not released': { see: worldOf(web), when: deleteOf(web), says: [] },
  'a Pod of another set whose name only looks alike': {
    see: worldOf(web, { pods: [...podsOf(web), podOf(setOf({ name: 'web-api' }), 0)] }),
    when: deleteOf(web),
    says: [],
  },
  'relabelled: nobody controls it': {
    see: worldOf(web, { pods: [podOf(web, 0), released, podOf(web, 2)] }),
    when: deleteOf(web),
    says: ["web-1 bears a member's name but web does not control it (nothing controls it): it would stay behind, on the member's volume"],
    seen: ['pod/web-1: metadata.ownerReferences[controller] = <none>', 'pod/web-1: metadata.labels[app] = debug'],
    tries: ['kubectl label pod web-1 --overwrite app=web -n prod', 'kubectl delete pod web-1 -n prod'],
  },
  'free, with the right labels: the controller adopts it by itself': {
    see: worldOf(web, { pods: [...podsOf(web), podOf(web, 3, { metadata: { ownerReferences: [] } })] }),
    when: scaleTo(web, 4),
    says: [/^web-3 bears a member's name/],
    tries: ['kubectl delete pod web-3 -n prod'],
    remedies: 1,
  },
  'scaling does not meet one beyond its range': {
    see: worldOf(web, { pods: [...podsOf(web), podOf(web, 7, { metadata: { ownerReferences: [] } })] }),
    when: scaleTo(web, 4),
    says: [],
  },
  'controlled by another client: no label would bring it back': {
    see: worldOf(web, {
      pods: [
        ...podsOf(web),
        podOf(web, 7, {
          metadata: { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'copy', uid: 'uid-job', controller: true }] },
        }),
      ],
    }),
    when: deleteOf(web),
    says: [/^web-7 bears a member's name but web does not control it \(Job copy does\)/],
    seen: ['pod/web-7: metadata.ownerReferences[controller] = Job/copy'],
    remedies: 1,
  },
});

const silent = { ...nodeOf('node-2'), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
const withLost = (over: PodOptions) =>
  worldOf(web, { pods: podsOf(web, { 2: over }), nodes: [nodeOf('node-0'), nodeOf('node-1'), silent] });

table(podOnLostNode, {
  'nodes that are Ready': { see: worldOf(web), when: deleteOf(web), says: [] },
  'a Pod of a node that is silent, whatever its containers are said to be': {
    see: withLost({ ready: false }),
    when: deleteOf(web),
    says: ['web-2 is on node node-2, which is not Ready: it stays until the node is back, or is confirmed to be gone'],
    seen: ['node/node-2: status.conditions[Ready].status = Unknown', 'pod/web-2: spec.nodeName = node-2'],
    tries: [/^kubectl sts-safe node check node-2/],
    grade: 'proven',
  },
  'one that stays': { see: withLost({ ready: false }), when: scaleTo(web, 2), says: [/^web-2 is on node node-2/] },
});

describe('nodes are looked at', () => {
  const lost = { conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ name: 'main', ready: true, restartCount: 0 }] };
  it.each([
    ['not while all is well', {}, []],
    ['not for a Pod whose own container is not ready', { waiting: 'CrashLoopBackOff' }, []],
    ['where a Pod is not Ready although its containers are', { status: lost }, ['nodes']],
    ['where a Pod is past its deadline', { terminatingFor: 90 }, ['nodes']],
  ])('%s', (_, over, slices) => {
    expect(podOnLostNode.further?.wanted(withLost(over as PodOptions), deleteOf(web))).toEqual(slices);
  });
});

const lost = { ...deleteOf(web), operation: 'force-delete', leaving: [2], onNode: 'web-2' };
/** What is seen of web-2, which is on node-2. */
const seenFrom = (pods: Readonly<Record<number, PodOptions | undefined>>, set = web) => {
  const world = worldOf(set, { pods: podsOf(set, pods) });
  return { ...world, target: { ...world.target, node: 'node-2' } };
};

table(earlierPodNotReady, {
  'is silent when every Pod below is Ready': { see: seenFrom({ 2: { ready: false } }), when: lost, says: [] },
  'another Pod on the same lost node is fenced with it': {
    see: seenFrom({ 1: { ready: false, readySince: 90, node: 'node-2' }, 2: { ready: false } }),
    when: lost,
    says: ['web-1 is not Ready (0/1 containers, for 1m): the controller creates no Pod with a higher ordinal until it is available'],
    tries: [/node fence node-2/],
    remedies: 1,
  },
  'one that is ill elsewhere is looked at': {
    see: seenFrom({ 0: { ready: false, readySince: 90 }, 2: { ready: false } }),
    when: lost,
    says: [/^web-0 is not Ready .*: the controller/],
    tries: ['kubectl describe pod web-0 -n prod'],
    remedies: 1,
  },
  'a Pod above does not count': { see: seenFrom({ 2: { ready: false } }), when: { ...lost, leaving: [1], onNode: 'web-1' }, says: [] },
  'a Parallel controller creates it all the same': {
    see: seenFrom({ 1: { ready: false } }),
    when: { ...lost, set: setOf({ spec: { podManagementPolicy: 'Parallel' } }) },
    says: [],
  },
  'Ready is not enough with minReadySeconds': {
    see: seenFrom({ 1: { readySince: 12 } }, slow),
    when: { ...lost, set: slow },
    says: [/^web-1 is Ready for 12s of its minReadySeconds 60: /],
  },
});
