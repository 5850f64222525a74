import { describe, expect } from 'vitest';
import { blocking, expectEnd, refusalOf } from '../support/documents.ts';
import { nothingOfOursLeft } from '../support/invariants.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { becomesOthers, interruptedAt, openRecordOf } from '../support/records.ts';

const down = ['scale', 'web', '--replicas=1', '--yes'];

/** Every way in which a record may be held, and who may go on with it. */
describe.concurrent('an open operation', () => {
  async function open(space: Space): Promise<void> {
    await space.applySet();
    await interruptedAt('web-2', space, down);
  }

  test('that was stopped: anyone, by typing the same command', async ({ space }) => {
    await open(space);
    const { id } = await openRecordOf(space);
    await space.holdPod('web-1');
    const plugin = space.start(down);
    await space.untilTerminating('web-1');
    expect(await openRecordOf(space)).toMatchObject({ id, phase: 'running' });
    await space.freePod('web-1');
    expectEnd(await plugin.ended, 0);
    await nothingOfOursLeft(space);
  });

  test('whose process is gone from this machine: the same', async ({ space }) => {
    await space.applySet();
    expect((await interruptedAt('web-2', space, down, 'SIGKILL')).signal).toBe('SIGKILL');
    expect(await openRecordOf(space)).toMatchObject({ phase: 'running', cursor: 'scale-down/2' });
    expectEnd(await space.run(...down), 0);
  });

  test('whose process lives: nobody, and is told who', async ({ space }) => {
    await space.applySet();
    await space.holdPod('web-2');
    const first = space.start(down);
    await space.untilTerminating('web-2');
    const second = await space.run(...down, '-o', 'json');
    expect(blocking(refusalOf(second).findings)).toEqual(['other-operation']);
    expect(second.stderr).toContain(`pid ${first.pid}`);
    expect(second.stderr).toMatch(/is running, last heartbeat \d+s ago/);
    // Neither does --take-over take it from a living one.
    expectEnd(await space.run(...down, '--take-over'), 3);
    expectEnd(await space.run('cancel', 'web', '--yes'), 3);
    expect(first.isRunning).toBe(true);
  });

  test('of another clientwhere who shows heartbeat: nobody', async ({ space }) => {
    await open(space);
    await becomesOthers(space, 5);
    const run = await space.run(...down, '--take-over', '-o', 'json');
    expect(blocking(refusalOf(run).findings)).toEqual(['other-operation']);
    expect(run.stderr).toContain('jane@elsewhere (pid 4711');
  });

  test('of another clientwhere who is silent: with --take-over, or a yes', async ({ space }) => {
    await open(space);
    await becomesOthers(space, 300);
    const run = await space.run(...down);
    expectEnd(run, 3);
    expect(run.stderr).toContain('jane@elsewhere (pid 4711');
    expect(run.stderr).toContain('add --take-over');
    expectEnd(await space.run(...down, '--take-over'), 0);
    await nothingOfOursLeft(space);
  });

  test('of a silent one, at the terminal: is asked for', async ({ space }) => {
    await open(space);
    await becomesOthers(space, 300);
    const plugin = space.terminal(down, { columns: 300 });
    await plugin.sees(/namespace \S+ · StatefulSet web\s+.*last heartbeat .* Take this operation over\?/);
    plugin.type('y\r');
    expect((await plugin.ended).exitCode).toBe(0);
    await nothingOfOursLeft(space);
  });

  test('that is taken over while its holder still works: the holder stops before its next change', async ({ space }) => {
    await space.applySet();
    await space.holdPod('web-2');
    const plugin = space.start(down);
    await space.untilTerminating('web-2');
    const taken = await becomesOthers(space, 0);
    const { exitCode, stdout } = await plugin.ended;
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('another client took StatefulSet web over')]);
    expect(await openRecordOf(space)).toEqual(taken);
    await space.freePod('web-2');
    await space.untilPodGone('web-2');
    await space.barrier();
    expect((await space.set()).spec.replicas).toBe(2);
  });

  test('of another kind, or with other options, is not gone on with by this command', async ({ space }) => {
    await open(space);
    for (const args of [
      ['delete', 'web', '--confirm', 'web'],
      ['scale', 'web', '--replicas=0', '--yes'],
    ]) {
      const run = await space.run(...args, '-o', 'json');
      expect(blocking(refusalOf(run).findings)).toEqual(['other-operation']);
      expect(run.stderr).toContain('kubectl sts-safe cancel web');
    }
    expectEnd(await space.run('cancel', 'web', '--yes'), 0);
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--yes'), 0);
  });

  test('keeps beating, and its beats are what others see', async ({ space }) => {
    await space.applySet();
    await space.holdPod('web-2');
    const plugin = space.start(down);
    const set = await space.untilSet(({ metadata }) => metadata.annotations?.['sts-safe.dev/heartbeat'] !== undefined, 'a heart beats');
    expect(Math.abs(Date.now() - Date.parse(set.metadata.annotations?.['sts-safe.dev/heartbeat'] ?? ''))).toBeLessThan(30_000);
    plugin.kill('SIGINT');
    expectEnd(await plugin.ended, 130);
  });
});
