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

/** Carries out one step that only waits, on a set of three that has come to rest. */
async function waitOn(preconditions: readonly Condition[]): Promise<Awaited<ReturnType<typeof execute>>> {
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
    steps: [{ id: 'settle', title: 'wait', action: { do: 'wait' }, preconditions, verify: [{ is: 'set-present' }], timeoutMs: 1000 }],
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
