import { describe, expect, it } from 'vitest';
import { formatQuantity } from '../../../src/domain/quantity.ts';
import {
  type CountedSpec,
  claimUsage,
  countsClaims,
  countsPods,
  excessOf,
  plus,
  podUsage,
  type ScopedQuota,
  type Usage,
} from '../../../src/domain/quota.ts';
import { quotaOf } from '../../support/objects.ts';

const cpu = (requests: string | undefined, limits?: string) => ({
  name: `c${requests}`,
  resources: {
    ...(requests === undefined ? {} : { requests: { cpu: requests } }),
    ...(limits === undefined ? {} : { limits: { cpu: limits } }),
  },
});
const shown = (usage: Usage): Readonly<Record<string, string>> =>
  Object.fromEntries([...usage].map(([name, amount]) => [name, formatQuantity(amount)]));
const cpuOf = (spec: CountedSpec) => shown(podUsage(spec))['requests.cpu'];

describe('podUsage', () => {
  it('counts a Pod that asks for nothing', () => {
    expect(shown(podUsage({ containers: [{ name: 'main' }] }))).toEqual({ pods: '1', 'count/pods': '1' });
  });

  it('names what is asked for in every way that a quota may', () => {
    const containers = [{ name: 'main', resources: { requests: { cpu: '250m', 'nvidia.com/gpu': '1' }, limits: { cpu: '1' } } }];
    expect(shown(podUsage({ containers }))).toEqual({
      pods: '1',
      'count/pods': '1',
      cpu: '250m',
      'requests.cpu': '250m',
      'limits.cpu': '1',
      'nvidia.com/gpu': '1',
      'requests.nvidia.com/gpu': '1',
    });
  });

  it.each<[string, string | undefined, CountedSpec]>([
    ['containers add up', '750m', { containers: [cpu('250m'), cpu('500m')] }],
    ['requests default to limits', '2', { containers: [cpu(undefined, '2')] }],
    ['an init container counts when it needs more', '3', { containers: [cpu('1')], initContainers: [cpu('3'), cpu('2')] }],
    ['an init container that needs less does not', '1', { containers: [cpu('1')], initContainers: [cpu('500m')] }],
    [
      'a sidecar runs beside the containers',
      '1500m',
      { containers: [cpu('1')], initContainers: [{ ...cpu('500m'), restartPolicy: 'Always' }] },
    ],
    [
      'and beside the init containers after it, not before',
      '4',
      { containers: [cpu('1')], initContainers: [cpu('3900m'), { ...cpu('1'), restartPolicy: 'Always' }, cpu('3')] },
    ],
    ['overhead comes on top', '1100m', { containers: [cpu('1')], overhead: { cpu: '100m' } }],
    ['resources of the Pod replace the sum', '5', { containers: [cpu('1')], resources: { requests: { cpu: '5' } } }],
  ])('%s', (_name, expected, spec) => {
    expect(cpuOf(spec)).toBe(expected);
  });
});

describe('claimUsage', () => {
  const template = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '10G' } } } };

  it('counts by class where there is one', () => {
    expect(shown(claimUsage(template, 'fast'))).toEqual({
      persistentvolumeclaims: '1',
      'count/persistentvolumeclaims': '1',
      'requests.storage': '10G',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'fast.storageclass.storage.k8s.io/requests.storage': '10G',
    });
  });

  it.each([undefined, ''])('and not where there is none (%s)', (className) => {
    expect([...claimUsage(template, className).keys()]).toEqual([
      'persistentvolumeclaims',
      'count/persistentvolumeclaims',
      'requests.storage',
    ]);
  });
});

describe('scopes', () => {
  const spec: CountedSpec = { containers: [cpu('1')], priorityClassName: 'high' };
  const idle: CountedSpec = { containers: [{ name: 'main' }] };
  const byPriority = (operator: string, values?: readonly string[]) => ({
    scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, ...(values === undefined ? {} : { values }) }] },
  });

  it.each<[string, ScopedQuota['spec'], CountedSpec, boolean]>([
    ['none', {}, spec, true],
    ['NotTerminating', { scopes: ['NotTerminating'] }, spec, true],
    ['Terminating', { scopes: ['Terminating'] }, spec, false],
    ['BestEffort and something asked for', { scopes: ['BestEffort'] }, spec, false],
    ['BestEffort and nothing asked for', { scopes: ['BestEffort'] }, idle, true],
    ['NotBestEffort and nothing asked for', { scopes: ['NotBestEffort'] }, idle, false],
    ['all must hold', { scopes: ['NotTerminating', 'BestEffort'] }, spec, false],
    ['priority in', byPriority('In', ['low', 'high']), spec, true],
    ['priority not in', byPriority('NotIn', ['low']), spec, true],
    ['priority in, without one', byPriority('In', ['high']), idle, false],
    ['priority not in, without one', byPriority('NotIn', ['high']), idle, true],
    ['some priority', byPriority('Exists'), spec, true],
    ['some priority, without one', byPriority('Exists'), idle, false],
    ['no priority', byPriority('DoesNotExist'), spec, false],
    ['no priority, without one', byPriority('DoesNotExist'), idle, true],
    ['a scope of tomorrow', { scopes: ['Sometimes'] }, spec, false],
  ])('%s', (_name, scoped, pod, expected) => {
    expect(countsPods(quotaOf({}, {}, { spec: { ...scoped } }), pod)).toBe(expected);
  });

  it('PVCs are counted by quotas without scopes only', () => {
    expect([countsClaims(quotaOf({}, {})), countsClaims(quotaOf({}, {}, { spec: { scopes: ['BestEffort'] } }))]).toEqual([true, false]);
  });
});

describe('excessOf', () => {
  it('is exact to the last unit, and silent about what is not asked for', () => {
    const quota = quotaOf({ pods: '4', cpu: '2', memory: '1Gi' }, { pods: '3', cpu: '1500m', memory: '2Gi' });
    const one = new Map([
      ['pods', 1_000_000_000n],
      ['cpu', 500_000_000n],
    ]);
    expect(excessOf(quota, one)).toEqual([]);
    expect(excessOf(quota, plus(one, new Map([['cpu', 1n]]))).map(({ resource }) => resource)).toEqual(['cpu']);
  });

  it('takes nothing used for nothing', () => {
    expect(excessOf(quotaOf({ pods: '0' }, {}), new Map([['pods', 1n]]))).toEqual([{ resource: 'pods', hard: 0n, used: 0n, asked: 1n }]);
  });
});
