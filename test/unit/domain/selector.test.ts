import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '../../../src/domain/kube.ts';
import { roughAge } from '../../../src/domain/rough-age.ts';
import { selects } from '../../../src/domain/selector.ts';

const labels = { app: 'web', tier: 'db' };
const by = (key: string, operator: string, values?: readonly string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

describe('selects', () => {
  it.each<[string, LabelSelector | undefined, boolean]>([
    ['no selector selects nothing', undefined, false],
    ['an empty one everything', {}, true],
    ['a label', { matchLabels: { app: 'web' } }, true],
    ['another value', { matchLabels: { app: 'api' } }, false],
    ['all labels must hold', { matchLabels: { app: 'web', tier: 'cache' } }, false],
    ['In', by('app', 'In', ['api', 'web']), true],
    ['In, not listed', by('app', 'In', ['api']), false],
    ['In, absent', by('zone', 'In', ['a']), false],
    ['NotIn', by('app', 'NotIn', ['api']), true],
    ['NotIn, listed', by('app', 'NotIn', ['web']), false],
    ['NotIn holds where the key is absent', by('zone', 'NotIn', ['a']), true],
    ['Exists', by('app', 'Exists'), true],
    ['Exists, absent', by('zone', 'Exists'), false],
    ['DoesNotExist', by('zone', 'DoesNotExist'), true],
    ['DoesNotExist, there', by('app', 'DoesNotExist'), false],
    ['an operator of tomorrow', by('app', 'Like', ['w*']), false],
    ['labels and expressions must both hold', { matchLabels: { app: 'web' }, ...by('tier', 'NotIn', ['db']) }, false],
  ])('%s', (_name, selector, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it('takes no labels for none', () => {
    expect(selects({ matchLabels: { app: 'web' } }, undefined)).toBe(false);
  });
});

describe('roughAge', () => {
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [59, '59s'],
    [60, '1m'],
    [3599, '59m'],
    [3600, '1h'],
    [86_399, '23h'],
    [86_400, '1d'],
    [365 * 86_400 - 1, '364d'],
    [365 * 86_400, '1y'],
    [800 * 86_400, '2y'],
  ])('%d s are %s', (seconds, words) => {
    expect(roughAge(seconds * 1000)).toBe(words);
    expect(roughAge(seconds * 1000 + 999)).toBe(words);
  });
});
