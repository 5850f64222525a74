import { describe, expect, it } from 'vitest';
import { healthSentence, whyBroken, whyUnhealthy } from '../../../src/domain/health.ts';
import type { ContainerStatus, Pod } from '../../../src/domain/kube.ts';
import { troubleOf } from '../../../src/domain/readiness.ts';
import { ago, MINUTE, NOW, type PodOptions, podOf, setOf } from '../../support/objects.ts';

const web = setOf();
const pod = (over: PodOptions = {}) => podOf(web, 0, over);
const container = (name: string, state: ContainerStatus['state'], restartCount = 0): ContainerStatus => ({
  name,
  ready: false,
  restartCount,
  ...(state && { state }),
});
const withContainers = (main: readonly ContainerStatus[], init: readonly ContainerStatus[] = []): Pod =>
  pod({ ready: false, readySince: 30, status: { containerStatuses: main, initContainerStatuses: init } });
const unscheduled = pod({
  phase: 'Pending',
  ready: false,
  status: {
    containerStatuses: [],
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: ago(30) }],
  },
});

describe('whyUnhealthy', () => {
  it.each<[string, Pod | undefined, number, string | undefined]>([
    ['healthy', pod(), 0, undefined],
    ['missing', undefined, 0, 'missing'],
    ['Failed', pod({ phase: 'Failed' }), 0, 'failed'],
    ['Succeeded', pod({ phase: 'Succeeded' }), 0, 'failed'],
    ['terminating comes before readiness', pod({ terminatingFor: 1, ready: false }), 0, 'terminating'],
    ['ended comes before terminating', pod({ phase: 'Failed', terminatingFor: 1 }), 0, 'failed'],
    ['not Ready', pod({ ready: false }), 0, 'not-ready'],
    ['Ready but not Running', pod({ phase: 'Pending' }), 0, 'not-ready'],
    ['Ready for too short', pod({ readySince: 9 }), 10, 'not-available'],
    ['Ready for just long enough', pod({ readySince: 10 }), 10, undefined],
  ])('%s', (_name, member, minReadySeconds, expected) => {
    expect(whyUnhealthy(member, minReadySeconds, NOW)).toBe(expected);
  });
});

describe('healthSentence', () => {
  it.each<[Pod | undefined, string]>([
    [pod(), 'is healthy'],
    [undefined, 'does not exist'],
    [pod({ phase: 'Succeeded' }), 'has ended (phase Succeeded)'],
    [pod({ terminatingFor: 30 }), 'is terminating (0s of grace left)'],
    [pod({ terminatingFor: 31 }), 'is terminating (1s past its deadline)'],
    [pod({ metadata: { deletionTimestamp: 'soon' } }), 'is terminating (deadline unknown)'],
    [pod({ ready: false, restarts: 1, readySince: 90 }), 'is not Ready (0/1 containers, 1 restart, for 1m)'],
    [unscheduled, 'is not Ready (Pending, 0/1 containers, Unschedulable, for 30d)'],
    [
      pod({
        ready: false,
        readySince: 5,
        spec: { containers: [{ name: 'a' }, { name: 'b' }] },
        status: {
          containerStatuses: [
            { name: 'a', ready: true, restartCount: 2 },
            { name: 'b', ready: false, restartCount: 3 },
          ],
        },
      }),
      'is not Ready (1/2 containers, not ready: b, 5 restarts, for 5s)',
    ],
  ])('%#: %s', (member, sentence) => {
    expect(healthSentence(member, 0, NOW)).toBe(sentence);
  });

  it('says how long a member is Ready, if anybody knows', () => {
    expect(healthSentence(pod({ readySince: 3 }), 60, NOW)).toBe('is Ready for 3s of its minReadySeconds 60');
    expect(healthSentence(pod({ status: { conditions: [{ type: 'Ready', status: 'True' }] } }), 60, NOW)).toBe(
      'is Ready for an unknown time of its minReadySeconds 60',
    );
  });
});

describe('troubleOf', () => {
  const waiting = (reason: string) => ({ waiting: { reason } });
  const ended = (exitCode: number, reason?: string) => ({ terminated: { exitCode, ...(reason === undefined ? {} : { reason }) } });

  it.each<[string, Pod, string | undefined]>([
    ['nothing', pod(), undefined],
    [
      'waiting',
      withContainers([container('main', waiting('ImagePullBackOff'))]),
      'status.containerStatuses[main].state.waiting.reason=ImagePullBackOff',
    ],
    [
      'ended with a reason',
      withContainers([container('main', ended(137, 'OOMKilled'))]),
      'status.containerStatuses[main].state.terminated.reason=OOMKilled',
    ],
    [
      'ended without one',
      withContainers([container('main', ended(3))]),
      'status.containerStatuses[main].state.terminated.reason=exit code 3',
    ],
    [
      'a main container that ended well is trouble too',
      withContainers([container('main', ended(0, 'Completed'))]),
      'status.containerStatuses[main].state.terminated.reason=Completed',
    ],
    [
      'an init container that ended well is none',
      withContainers([container('main', waiting('PodInitializing'))], [container('init', ended(0, 'Completed'))]),
      'status.containerStatuses[main].state.waiting.reason=PodInitializing',
    ],
    [
      'an init container that failed',
      withContainers([container('main', waiting('PodInitializing'))], [container('init', ended(1, 'Error'))]),
      'status.initContainerStatuses[init].state.terminated.reason=Error',
    ],
    [
      'what tells more than a start comes first',
      withContainers([container('a', waiting('ContainerCreating')), container('b', waiting('CrashLoopBackOff'))]),
      'status.containerStatuses[b].state.waiting.reason=CrashLoopBackOff',
    ],
    ['the scheduler', unscheduled, 'status.conditions[PodScheduled].reason=Unschedulable'],
    ['scheduled is no trouble', pod({ status: { conditions: [{ type: 'PodScheduled', status: 'True' }] } }), undefined],
  ])('%s', (_name, member, expected) => {
    const trouble = troubleOf(member);
    expect(trouble && `${trouble.field}=${trouble.reason}`).toBe(expected);
  });
});

describe('whyBroken', () => {
  it.each([
    'CrashLoopBackOff',
    'ImagePullBackOff',
    'ErrImagePull',
    'ErrImageNeverPull',
    'InvalidImageName',
    'CreateContainerConfigError',
    'CreateContainerError',
    'RunContainerError',
  ])('%s seldom heals by itself', (reason) => {
    expect(whyBroken(pod({ waiting: reason, readySince: 1 }), NOW)).toBe(reason);
  });

  it.each<[string, Pod, string | undefined]>([
    ['healthy', pod(), undefined],
    ['starting', pod({ waiting: 'ContainerCreating', readySince: 30 }), undefined],
    ['just not Ready', pod({ ready: false, readySince: 10 * MINUTE - 1 }), undefined],
    ['not Ready for ten minutes', pod({ ready: false, readySince: 10 * MINUTE }), 'not Ready for 10m'],
    ['never scheduled since it was made', unscheduled, 'not Ready for 30d'],
    ['made just now', pod({ ready: false, metadata: { creationTimestamp: ago(5) }, status: { conditions: [] } }), undefined],
    ['the controller replaces what failed', pod({ phase: 'Failed', ready: false, waiting: 'CrashLoopBackOff' }), undefined],
    ['and what ended', pod({ phase: 'Succeeded', ready: false, waiting: 'CrashLoopBackOff' }), undefined],
    ['terminating in time', pod({ terminatingFor: 30, waiting: 'CrashLoopBackOff' }), undefined],
    ['terminating too late', pod({ terminatingFor: 31 }), '1s past its deadline'],
  ])('%s', (_name, member, expected) => {
    expect(whyBroken(member, NOW)).toBe(expected);
  });
});
