import { describe, expect, it } from 'vitest';
import { goingDown, isPoint, milestones, podsAt } from '../../../src/domain/rollout-points.ts';

describe('points of a rollout', () => {
  it.each(['1', '20', '1%', '50%', '100%'])('%s is one', (text) => expect(isPoint(text)).toBe(true));
  it.each(['0', '-1', '0%', '101%', '1.5', '50 %', '', 'all', '1e3', '01'])('"%s" is none', (text) => expect(isPoint(text)).toBe(false));

  it.each([
    ['1', 3, 1],
    ['50%', 3, 2],
    ['1%', 3, 1],
    ['25%', 20, 5],
    ['100%', 7, 7],
    ['50%', 0, 0],
  ] as const)('%s of %i Pods are %i', (point, replicas, pods) => expect(podsAt(point, replicas)).toBe(pods));

  it('are numbers of Pods, each once', () => {
    expect(milestones(['1', '50%', '100%'], 3)).toEqual([1, 2, 3]);
    expect(milestones(['1', '50%', '100%'], 2)).toEqual([1, 2]);
    expect(milestones(['100%'], 1)).toEqual([1]);
  });

  it('are wrong where they go down, or beyond', () => {
    expect(milestones(['5', '100%'], 3)).toEqual({ wrong: '5', why: 'is more than the 3 Pods that there are' });
    expect(milestones(['50%', '1'], 6)).toEqual({ wrong: '1', why: 'is 1 of 6 Pods, less than the 3 before it' });
  });

  it.each([
    [['1', '2'], undefined],
    [['2', '1'], '1'],
    [['50%', '20%'], '20%'],
    [['50%', '1'], undefined],
  ] as const)('%j goes down at %s, as far as that shows without a StatefulSet', (points, at) => expect(goingDown(points)).toBe(at));
});
