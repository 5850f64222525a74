import { describe, expect, it } from 'vitest';
import { ChangedError } from '../../../src/domain/errors.ts';
import { execute } from '../../../src/execute/executor.ts';
import type { ExecutePorts } from '../../../src/execute/ports.ts';
import { Section } from '../../../src/execute/section.ts';
import type { Condition } from '../../../src/plan/condition.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { RecordKeeper } from '../../../src/record/keeper.ts';
import { running, target } from '../../support/model/running-set.ts';

const holder = { user: 'ann', host: 'here', pid: 1, since: '2026-06-01T12:00:00Z' };

type Steps = Plan['steps'];
const wait = (id: string, preconditions: readonly Condition[], more: Partial<Steps[number]> = {}): Steps[number] => ({
  id,
  title: 'wait',
  action: { do: 'wait' },
  preconditions,
  verify: [{ is: 'set-present' }],
  timeoutMs: 1000,
  ...more,
});

/** Carries out one step that only waits, on a set of three that has come to rest. */
const waitOn = (preconditions: readonly Condition[]) => carriedOut([wait('settle', preconditions)]);

async function carriedOut(steps: Steps): Promise<Awaited<ReturnType<typeof execute>>> {
  const cluster = running(3);
  const world = {
    current: () => cluster.snapshot(),
    changed: () => Promise.resolve(),
    fresh: () => Promise.resolve(cluster.snapshot()),
    caughtUp: () => Promise.resolve(cluster.snapshot()),
  };
  const clock = { now: () => cluster.now, sleep: () => Promise.resolve() };
  const ports = { verbs: cluster.verbs, clock, stop: new AbortController().signal, serverNow: () => cluster.now, onSilence: () => {} };
  const keeper = new RecordKeeper(ports, target, {});
  const plan = {
    operation: 'scale',
    target,
    allowed: [],
    steps,
  } as unknown as Plan;
  const section = new Section({ clock, enterSection: () => () => {} });
  const executePorts = { ...ports, world, section, keeper, sink: { emit: () => {}, close: () => {} }, announce: () => {} };
  return await execute(plan, { id: 'op', holder }, executePorts as unknown as ExecutePorts);
}

describe('a step that writes nothing', () => {
  it('is begun only where its preconditions hold', async () => {
    expect(await waitOn([{ is: 'set-is', replicas: 3 }])).toMatchObject({ done: ['settle'], remaining: [] });
    const ending = await waitOn([{ is: 'set-is', replicas: 99 }]);
    expect(ending).toMatchObject({ done: [], remaining: ['settle'] });
    expect(ending.error).toEqual(new ChangedError('replicas of StatefulSet web is 3, planned on 99'));
  });
});

describe('steps about several objects', () => {
  const fails: Condition = { is: 'set-is', replicas: 99 };

  it('fail for their own group alone; the others go on, and the end says which are left', async () => {
    const ending = await carriedOut([
      wait('a/1', [], { group: 'a' }),
      wait('a/2', [fails], { group: 'a' }),
      wait('a/3', [], { group: 'a' }),
      wait('b/1', [], { group: 'b' }),
    ]);
    expect(ending).toMatchObject({ done: ['a/1', 'b/1'], remaining: ['a/2', 'a/3'] });
    expect(ending.error).toEqual(new ChangedError('replicas of StatefulSet web is 3, planned on 99'));
  });

  it('without a group end it all', async () => {
    expect(await carriedOut([wait('a', [fails]), wait('b', [])])).toMatchObject({ done: [], remaining: ['a', 'b'] });
  });
});
