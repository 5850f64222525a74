import { describe, expect, it } from 'vitest';
import { type Pod, verdicts } from '../supervisor/quorum.ts';

interface Wish {
  set?: string;
  node?: string;
  running?: boolean;
  ending?: boolean;
  told?: string;
}

const member = (name: string, { set = 'db', node = 'node-0', running = true, ending = false, told }: Wish = {}): Pod => ({
  metadata: {
    namespace: 'default',
    name,
    uid: name,
    resourceVersion: '1',
    annotations: { 'sandbox/ready-peers': '3', ...(told === undefined ? {} : { 'sandbox/quorum': told }) },
    ownerReferences: [{ uid: set, controller: true }],
    ...(ending ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  },
  spec: { nodeName: node },
  status: { phase: 'Running', containerStatuses: [{ state: running ? { running: {} } : {} }] },
});

const judged = (pods: Pod[], lives: (node: string) => boolean = () => true) =>
  verdicts(pods, lives).map(({ pod, value }) => `${pod.metadata.name} ${value}`);

describe('quorum', () => {
  it('is held when enough members run, and says so once', () => {
    expect(judged([member('a'), member('b'), member('c')])).toEqual(['a held', 'b held', 'c held']);
    expect(judged([member('a', { told: 'held' }), member('b', { told: 'held' }), member('c')])).toEqual(['c held']);
  });

  it('is lost for all when too few run', () => {
    expect(judged([member('a', { told: 'held' }), member('b', { told: 'held' })])).toEqual(['a lost', 'b lost']);
    expect(judged([member('a'), member('b'), member('c', { running: false })])).toEqual(['a lost', 'b lost', 'c lost']);
  });

  it('does not count a member that is ending or whose node is dead', () => {
    expect(judged([member('a'), member('b'), member('c', { ending: true })])).toEqual(['a lost', 'b lost']);
    const lives = (node: string) => node !== 'node-9';
    expect(judged([member('a'), member('b'), member('c', { node: 'node-9' })], lives)).toEqual(['a lost', 'b lost', 'c lost']);
  });

  it('counts each set for itself', () => {
    const other = ['x', 'y'].map((name) => member(name, { set: 'other' }));
    expect(judged([member('a'), member('b'), member('c'), ...other])).toEqual(['a held', 'b held', 'c held', 'x lost', 'y lost']);
  });
});
