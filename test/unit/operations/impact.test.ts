import { describe, expect, it } from 'vitest';
import type { Pod, StatefulSet } from '../../../src/domain/kube.ts';
import { impactOf } from '../../../src/operations/impact.ts';
import { podOf, setOf } from '../../support/objects.ts';

const web = setOf();

/** `a` and `b` are revisions; `-` is asked for and does not run. */
function places(of: Readonly<Record<number, 'a' | 'b' | '-'>>): ReadonlyMap<number, Pod | undefined> {
  return new Map(
    Object.entries(of).map(([ordinal, what]) => [
      Number(ordinal),
      what === '-' ? undefined : podOf(web, Number(ordinal), { revision: `web-${what}` }),
    ]),
  );
}

const partitioned = (partition: number): StatefulSet =>
  setOf({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } } });

describe('what the controller makes of what runs', () => {
  it.each([
    ['all as it is', { 0: 'a', 1: 'a', 2: 'a' }, web, 'web-a', { leaving: [], restarting: [], kept: [0, 1, 2], created: [] }],
    [
      'beyond the range, running or only asked for',
      { 0: 'a', 3: 'a', 4: '-' },
      web,
      'web-a',
      { leaving: [3, 4], restarting: [], kept: [0], created: [1, 2] },
    ],
    [
      'below the first ordinal',
      { 0: 'a', 5: 'a' },
      setOf({ replicas: 1, spec: { ordinals: { start: 5 } } }),
      'web-a',
      { leaving: [0], restarting: [], kept: [5], created: [] },
    ],
    ['of another revision', { 0: 'a', 1: 'b', 2: 'a' }, web, 'web-a', { leaving: [], restarting: [1], kept: [0, 2], created: [] }],
    [
      'held by the partition',
      { 0: 'b', 1: 'b', 2: 'b' },
      partitioned(2),
      'web-a',
      { leaving: [], restarting: [2], kept: [0, 1], created: [] },
    ],
    [
      'held by OnDelete',
      { 0: 'b' },
      setOf({ replicas: 1, spec: { updateStrategy: { type: 'OnDelete' } } }),
      'web-a',
      { leaving: [], restarting: [], kept: [0], created: [] },
    ],
    [
      'of a revision that is not known',
      { 0: 'b' },
      setOf({ replicas: 1 }),
      undefined,
      { leaving: [], restarting: [], kept: [0], created: [] },
    ],
    ['at 0 replicas', { 0: 'a', 1: 'b' }, setOf({ replicas: 0 }), 'web-a', { leaving: [0, 1], restarting: [], kept: [], created: [] }],
  ] as const)('%s', (_, running, set, revision, impact) => {
    expect(impactOf(places(running), { set, revision })).toEqual(impact);
  });
});
