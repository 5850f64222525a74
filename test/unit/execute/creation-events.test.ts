import { expect, it } from 'vitest';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { CreationEvents } from '../../../src/execute/creation-events.ts';
import { podOf, podsOf, setOf, snapshotOf } from '../../support/objects.ts';

const set = setOf();

/** The seconds at which events were read, looking once a second. */
function readAt(seconds: number, at: (second: number) => Snapshot, fails = false): readonly number[] {
  const read: number[] = [];
  let now = 0;
  const reread = (): Promise<void> => {
    read.push(now / 1000);
    return fails ? Promise.reject(new Error('forbidden')) : Promise.resolve();
  };
  const events = new CreationEvents({ clock: { now: () => now }, world: { reread } } as unknown as ConstructorParameters<
    typeof CreationEvents
  >[0]);
  for (; now <= seconds * 1000; now += 1000) events.look(at(now / 1000));
  return read;
}

const missing = snapshotOf({ set, pods: [podOf(set, 0)] });
const whole = snapshotOf({ set, pods: podsOf(set) });

it('events of the set are read when a member is missing for too long, and ever less often', () => {
  expect(readAt(60, () => missing)).toEqual([1, 2, 4, 8, 16, 32]);
});

it('never while nothing is missing, nor for a member that comes at once', () => {
  expect(readAt(60, () => whole)).toEqual([]);
  expect(readAt(60, (second) => (second % 5 === 0 ? missing : whole))).toEqual([]);
});

it('again for each member', () => {
  const next = snapshotOf({ set, pods: [podOf(set, 0), podOf(set, 1)] });
  expect(readAt(20, (second) => (second < 10 ? missing : next))).toEqual([1, 2, 4, 8, 11, 12, 14, 18]);
});

it('and who may not read them waits all the same', () => {
  expect(readAt(3, () => missing, true)).toEqual([1, 2]);
});
