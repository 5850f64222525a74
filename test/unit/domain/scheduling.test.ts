import { describe, expect, it } from 'vitest';
import { oneANode, type ScheduledSpec, whyNotOn } from '../../../src/domain/scheduling.ts';
import { nodeOf } from '../../support/objects.ts';

const containers = [{ name: 'main' }];
const tainted = (effect: string, value?: string) =>
  nodeOf('n', { spec: { taints: [{ key: 'gpu', effect, ...(value === undefined ? {} : { value }) }] } });
const tolerating = (toleration: object): ScheduledSpec => ({ containers, tolerations: [toleration] });
const labelled = nodeOf('n', { metadata: { labels: { 'kubernetes.io/hostname': 'n', disk: 'ssd', cores: '8' } } });
const affine = (...terms: readonly object[]): ScheduledSpec => ({
  containers,
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
});
const needs = (key: string, operator: string, ...values: readonly string[]) => ({ matchExpressions: [{ key, operator, values }] });

describe('whyNotOn', () => {
  it.each([
    ['a plain node', nodeOf('n'), { containers }, undefined],
    ['a cordoned one', nodeOf('n', { spec: { unschedulable: true } }), { containers }, 'spec.unschedulable=true'],
    [
      'a cordoned one, tolerated',
      nodeOf('n', { spec: { unschedulable: true } }),
      tolerating({ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }),
      undefined,
    ],
    [
      'cordoned, which is tolerated, and tainted, which is not',
      nodeOf('n', { spec: { unschedulable: true, taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
      tolerating({ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }),
      'spec.taints=gpu:NoSchedule',
    ],
    [
      'the taint of a cordon that was just lifted',
      nodeOf('n', { spec: { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] } }),
      { containers },
      'spec.taints=node.kubernetes.io/unschedulable:NoSchedule',
    ],
    ['NoSchedule', tainted('NoSchedule'), { containers }, 'spec.taints=gpu:NoSchedule'],
    ['NoExecute', tainted('NoExecute', 'yes'), { containers }, 'spec.taints=gpu=yes:NoExecute'],
    ['PreferNoSchedule', tainted('PreferNoSchedule'), { containers }, undefined],
    ['tolerated by value', tainted('NoSchedule', 'yes'), tolerating({ key: 'gpu', value: 'yes', effect: 'NoSchedule' }), undefined],
    ['another value', tainted('NoSchedule', 'yes'), tolerating({ key: 'gpu', value: 'no' }), 'spec.taints=gpu=yes:NoSchedule'],
    [
      'another effect',
      tainted('NoExecute'),
      tolerating({ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }),
      'spec.taints=gpu:NoExecute',
    ],
    ['another key', tainted('NoSchedule'), tolerating({ key: 'fpga', operator: 'Exists' }), 'spec.taints=gpu:NoSchedule'],
    ['everything tolerated', tainted('NoExecute', 'yes'), tolerating({ operator: 'Exists' }), undefined],
    ['no key and no Exists tolerates nothing', tainted('NoSchedule'), tolerating({}), 'spec.taints=gpu:NoSchedule'],
    ['the selector', labelled, { containers, nodeSelector: { disk: 'ssd' } }, undefined],
    ['not the selector', labelled, { containers, nodeSelector: { disk: 'hdd' } }, 'metadata.labels[disk]=ssd'],
    ['an affinity', labelled, affine(needs('disk', 'In', 'ssd')), undefined],
    ['one of two affinities', labelled, affine(needs('disk', 'In', 'hdd'), needs('cores', 'Gt', '7')), undefined],
    ['Gt is strict', labelled, affine(needs('cores', 'Gt', '8')), 'metadata.labels=outside the required node affinity'],
    ['Lt', labelled, affine(needs('cores', 'Lt', '9')), undefined],
    ['Lt is strict', labelled, affine(needs('cores', 'Lt', '8')), 'metadata.labels=outside the required node affinity'],
    ['no number', labelled, affine(needs('disk', 'Lt', '9')), 'metadata.labels=outside the required node affinity'],
    ['an empty term matches nothing', labelled, affine({}), 'metadata.labels=outside the required node affinity'],
    [
      'a required affinity without any term',
      labelled,
      { containers, affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } },
      'metadata.labels=outside the required node affinity',
    ],
    ['no terms match nothing', labelled, affine(), 'metadata.labels=outside the required node affinity'],
    ['by name', labelled, affine({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }), undefined],
    [
      'name and labels must both hold',
      labelled,
      affine({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }], ...needs('disk', 'In', 'hdd') }),
      'metadata.labels=outside the required node affinity',
    ],
  ])('%s', (_name, node, spec, expected) => {
    const why = whyNotOn(node, spec);
    expect(why && `${why.field}=${why.value}`).toBe(expected);
  });
});

describe('oneANode', () => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
  const has = (over: object) =>
    oneANode(
      { containers, affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, ...over }] } } },
      { app: 'web' },
      'prod',
    ).length === 1;

  it.each([
    ['against its own kind', {}, true],
    ['in its own namespace, by name', { namespaces: ['test', 'prod'] }, true],
    ['in another namespace', { namespaces: ['test'] }, false],
    ['in all namespaces', { namespaceSelector: {} }, true],
    ['in namespaces by label, which are not known', { namespaceSelector: { matchLabels: { team: 'a' } } }, false],
    ['in namespaces by label, and its own by name', { namespaceSelector: { matchLabels: { team: 'a' } }, namespaces: ['prod'] }, true],
    ['by zone', { topologyKey: 'topology.kubernetes.io/zone' }, false],
    ['against others', { labelSelector: { matchLabels: { app: 'api' } } }, false],
    ['with keys that the server fills in', { matchLabelKeys: ['x'] }, false],
    ['with keys that must differ', { mismatchLabelKeys: ['x'] }, false],
    ['with keys of both kinds', { matchLabelKeys: ['x'], mismatchLabelKeys: ['y'] }, false],
    ['with empty lists of them', { matchLabelKeys: [], mismatchLabelKeys: [], namespaces: [] }, true],
  ])('%s', (_name, over, expected) => {
    expect(has(over)).toBe(expected);
  });

  it('finds none where there is none', () => {
    expect(oneANode({ containers }, { app: 'web' }, 'prod')).toEqual([]);
  });
});
