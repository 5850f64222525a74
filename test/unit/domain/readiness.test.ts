import { describe, expect, it } from 'vitest';
import { countContainers } from '../../../src/domain/containers.ts';
import type { ContainerStatus, ObjectCondition, Pod } from '../../../src/domain/kube.ts';
import { whyNotReady } from '../../../src/domain/readiness.ts';
import { ago, NOW, type PodOptions, podOf, setOf } from '../../support/objects.ts';

const running = { running: { startedAt: ago(60) } };
const ended = (exitCode: number) => ({ terminated: { exitCode } });

function status(name: string, over: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name, ready: false, restartCount: 0, state: running, ...over };
}

interface Wish {
  readonly spec?: NonNullable<PodOptions['spec']>;
  readonly phase?: string;
  readonly init?: readonly ContainerStatus[];
  readonly main?: readonly ContainerStatus[];
  readonly conditions?: readonly ObjectCondition[];
  readonly ready?: Partial<ObjectCondition>;
}

/** A Pod that is not Ready for 5 s, its only container neither. */
function pod({ spec, phase = 'Running', init, main = [status('main')], conditions = [], ready }: Wish): Pod {
  const condition = { type: 'Ready', status: 'False', lastTransitionTime: ago(5), ...ready };
  return podOf(setOf(), 0, {
    phase,
    ...(spec && { spec }),
    status: { containerStatuses: main, conditions: [condition, ...conditions], ...(init && { initContainerStatuses: init }) },
  });
}

const sidecar = { initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }] };
const gated = { readinessGates: [{ conditionType: 'example.com/lb' }] };
const unscheduled = (message: string, reason = 'Unschedulable') => ({
  phase: 'Pending',
  main: [],
  conditions: [{ type: 'PodScheduled', status: 'False', reason, message }],
});

describe('why a Pod is not Ready', () => {
  it.each<[string, Wish, string]>([
    ['nothing is known', { main: [], ready: { type: 'other' } }, '0/1 containers, for 30d'],
    [
      'its container',
      { ready: { reason: 'ContainersNotReady', message: 'containers with unready status: [main]' } },
      '0/1 containers, for 5s',
    ],
    [
      'one of two',
      {
        spec: { containers: [{ name: 'main' }, { name: 'log' }] },
        main: [status('main', { ready: true }), status('log')],
      },
      '1/2 containers, not ready: log, for 5s',
    ],
    [
      'a sidecar, counted as kubectl does',
      {
        spec: sidecar,
        init: [status('migrate', { state: ended(0) }), status('proxy', { started: true })],
        main: [status('main', { ready: true })],
      },
      '1/2 containers, not ready: proxy, for 5s',
    ],
    [
      'an init container that runs',
      {
        phase: 'Pending',
        spec: sidecar,
        init: [status('migrate'), status('proxy', { state: {} })],
        main: [status('main', { state: {} })],
        conditions: [{ type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized' }],
      },
      'Pending, 0/2 containers, init container migrate has not finished, for 5s',
    ],
    [
      'a readiness gate, by the words of whoever it belongs to',
      {
        spec: gated,
        main: [status('main', { ready: true })],
        ready: { reason: 'ReadinessGatesNotReady', message: 'the status of pod readiness gate "example.com/lb" is not "True", but False' },
        conditions: [{ type: 'example.com/lb', status: 'False', reason: 'Draining', message: 'target is draining.' }],
      },
      '1/1 containers, readiness gate example.com/lb is False (Draining: target is draining), for 5s',
    ],
    [
      'a readiness gate that nobody has set',
      { spec: gated, main: [status('main', { ready: true })] },
      '1/1 containers, readiness gate example.com/lb is not set, for 5s',
    ],
    [
      'what the Ready condition alone says',
      { main: [status('main', { ready: true })], ready: { reason: 'NodeNotReady', message: 'node is gone' } },
      '1/1 containers, NodeNotReady: node is gone, for 5s',
    ],
    [
      'the scheduler, without what it tried',
      unscheduled('0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found.'),
      'Pending, 0/1 containers, Unschedulable: 0/3 nodes are available: 3 Insufficient memory, for 5s',
    ],
    [
      'the scheduler, about its volumes',
      unscheduled('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
      'Pending, 0/1 containers, Unschedulable: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims, for 5s',
    ],
    [
      'scheduling gates, by their names',
      {
        ...unscheduled('Scheduling is blocked due to non-empty scheduling gates', 'SchedulingGated'),
        spec: { schedulingGates: [{ name: 'example.com/quota' }] },
      },
      'Pending, 0/1 containers, SchedulingGated: example.com/quota, for 5s',
    ],
    [
      'a Secret that is missing',
      { main: [status('main', { state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } } })] },
      '0/1 containers, CreateContainerConfigError: secret "x" not found, for 5s',
    ],
    [
      'a back-off, which repeats only its name',
      { main: [status('main', { restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s …' } } })] },
      '0/1 containers, CrashLoopBackOff, 3 restarts, for 5s',
    ],
  ])('%s', (_, wish, words) => {
    expect(whyNotReady(pod(wish), NOW).join(', ')).toBe(words);
  });

  it('is cut where a message has no end', () => {
    const words = whyNotReady(pod(unscheduled(`0/9 nodes are available: ${'x'.repeat(500)}`)), NOW).join(', ');
    expect(words).toMatch(/x…, for 5s$/);
    expect(words.length).toBeLessThan(260);
  });
});

describe('containers', () => {
  it.each<[string, Wish, object]>([
    ['of a Pod without sidecars', { main: [status('main', { ready: true, restartCount: 2 })] }, { total: 1, ready: 1, restarts: 2 }],
    [
      'restarts of init containers count while it is being initialized',
      { spec: sidecar, init: [status('migrate', { restartCount: 4 }), status('proxy')] },
      { total: 2, ready: 0, restarts: 4 },
    ],
    [
      'and those of sidecars alone afterwards',
      {
        spec: sidecar,
        init: [status('migrate', { restartCount: 4, state: ended(0) }), status('proxy', { ready: true, started: true, restartCount: 1 })],
        main: [status('main', { ready: true, restartCount: 2 })],
      },
      { total: 2, ready: 2, restarts: 3 },
    ],
    ['of which nothing is known', { spec: sidecar, main: [] }, { total: 2, ready: 0, restarts: 0, unready: ['proxy', 'main'] }],
  ])('%s', (_, wish, count) => {
    expect(countContainers(pod(wish))).toMatchObject(count);
  });
});
