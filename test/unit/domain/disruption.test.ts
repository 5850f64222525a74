import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../../src/domain/disruption.ts';
import type { DisruptionBudget, Pod } from '../../../src/domain/kube.ts';
import { pdbOf, podOf, podsOf, setOf } from '../../support/objects.ts';

const web = setOf();
const other = setOf({ name: 'web-ro', spec: { selector: { matchLabels: { app: 'web' } } } });
const beside = (ordinal: number, over: Parameters<typeof podOf>[2] = {}) =>
  podOf(other, ordinal, { ...over, metadata: { labels: { app: 'web' }, ...over.metadata } });
const judge = (spec: DisruptionBudget['spec'], pods: readonly Pod[], staying: readonly number[], arriving: readonly number[] = []) =>
  budgetOf(pdbOf('web', spec), pods, { set: web, staying, arriving });

describe('budgetOf', () => {
  it('counts the members that stay, and not those that leave', () => {
    expect(judge({ minAvailable: 2 }, podsOf(web), [0])).toEqual({ wanted: 2, healthy: 1 });
  });

  it('counts members that arrive as healthy, and as expected', () => {
    expect(judge({ minAvailable: '100%' }, podsOf(web), [0, 1, 2], [3, 4])).toEqual({ wanted: 5, healthy: 5 });
  });

  it('counts only what is Ready and not terminating', () => {
    expect(judge({ maxUnavailable: 1 }, podsOf(web, { 0: { ready: false }, 1: { terminatingFor: 1 } }), [0, 1, 2])).toEqual({
      wanted: 2,
      healthy: 1,
    });
  });

  it('counts Pods of other owners under the same budget, as healthy and as expected', () => {
    const pods = [...podsOf(web), beside(0), beside(1, { ready: false })];
    expect(judge({ maxUnavailable: 0 }, pods, [0, 1])).toEqual({ wanted: 4, healthy: 3 });
  });

  it('does not expect Pods that nothing controls, as the disruption controller does not', () => {
    const free = beside(0, { metadata: { ownerReferences: [] } });
    const owned = beside(1, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }] } });
    expect(judge({ minAvailable: '100%' }, [...podsOf(web), free, owned], [0, 1, 2])).toEqual({ wanted: 3, healthy: 5 });
  });

  it.each<[DisruptionBudget['spec'], number]>([
    [{ minAvailable: '34%' }, 2],
    [{ minAvailable: '33%' }, 1],
    [{ maxUnavailable: '33%' }, 2],
    [{ maxUnavailable: '34%' }, 1],
    [{ maxUnavailable: 7 }, 0],
    [{ minAvailable: 'half' }, 0],
    [{}, 0],
  ])('%o wants %d of 3', (spec, wanted) => {
    expect(judge(spec, podsOf(web), [0, 1, 2]).wanted).toBe(wanted);
  });
});
