import { describe, expect, it } from 'vitest';
import { RefusedError, StoppedError } from '../../../src/domain/errors.ts';
import type { Beginning, Entry, History, Mark } from '../../../src/runbook/journal.ts';
import { historyOf } from '../../../src/runbook/journal.ts';
import type { RunPorts } from '../../../src/runbook/ports.ts';
import { runSteps } from '../../../src/runbook/run.ts';
import type { Step } from '../../../src/runbook/schema.ts';

const steps: readonly Step[] = [
  { name: 'protect', operation: 'pvc protect', target: 'db' },
  { name: 'ask', approve: 'Is the backup complete?' },
  { name: 'grow', operation: 'scale', target: 'db', options: { replicas: 5 } },
  { name: 'tell', command: ['notify'] },
  { name: 'shrink', operation: 'scale', target: 'db', options: { replicas: 3 }, timeout: '1h' },
];
const beginning: Beginning = { runbook: 'r', parameters: {}, cluster: 'c', namespace: 'n' };

/** A world in which operations succeed, programs run once, and a process can end before any line of its journal. */
class World {
  readonly journal: Entry[] = [];
  readonly did: string[] = [];
  readonly asked: string[] = [];
  mark: Mark = { uid: 'u', generation: 1 };
  says = true;
  dieAt = Number.POSITIVE_INFINITY;
  readonly stop = new AbortController();
  failing: Readonly<Record<string, 'refused' | 'failed' | 'stopped'>> = {};

  ports(): RunPorts {
    let lines = 0;
    return {
      operate: (step, timeoutMs) => {
        this.did.push(`${step.operation}${timeoutMs === undefined ? '' : ` within ${timeoutMs}`}`);
        const outcome = this.failing[step.name] ?? 'done';
        if (outcome === 'done' && step.operation === 'scale') this.mark = { ...this.mark, generation: (this.mark.generation ?? 0) + 1 };
        const exitCode = { done: 0, refused: 3, failed: 4, stopped: 130 }[outcome];
        const done = outcome === 'done' ? ['it'] : [];
        return Promise.resolve({ outcome, exitCode, message: `${outcome}.`, done } as never);
      },
      approve: (_, question) => {
        this.asked.push(question);
        return Promise.resolve(this.says);
      },
      wait: (_, signal) =>
        new Promise((_resolve, reject) => {
          if (signal.aborted) reject(signal.reason as Error);
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      gate: () => Promise.resolve('well'),
      exec: () => Promise.resolve('ran'),
      command: ({ command }) => {
        this.did.push(command.join(' '));
        return Promise.resolve('ran');
      },
      mark: () => Promise.resolve(this.mark),
      begins: () => undefined,
      ended: () => undefined,
      journal: (entry) => {
        lines += 1;
        if (lines === this.dieAt) throw new Error('killed');
        this.journal.push(entry);
        return Promise.resolve();
      },
      now: () => 0,
      after: (ms) => ({ signal: ms === 0 ? AbortSignal.abort() : new AbortController().signal, [Symbol.dispose]: () => undefined }),
      stop: this.stop.signal,
    };
  }

  run(of = steps, history?: History) {
    return runSteps(of, beginning, history, this.ports());
  }

  resume(of = steps) {
    return this.run(of, historyOf(this.journal, 'j'));
  }
}

describe('a run', () => {
  it('does each step in order, and says so', async () => {
    const world = new World();
    const result = await world.run();
    expect(result).toMatchObject({ outcome: 'done', exitCode: 0, message: 'all 5 steps are done' });
    expect(result.steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(world.did).toEqual(['pvc protect', 'scale', 'notify', 'scale within 3600000']);
    expect(world.journal.at(0)).toMatchObject({ entry: 'run', ...beginning });
    expect(world.journal.at(-1)).toMatchObject({ entry: 'finished' });
  });

  it.each([
    ['refused', 'protect', 3],
    ['failed', 'protect', 4],
    ['refused', 'grow', 4],
    ['stopped', 'grow', 4],
  ] as const)('ends at a step that was %s (%s): exit code %i', async (how, name, exitCode) => {
    const world = new World();
    world.failing = { [name]: how };
    const result = await world.run();
    expect(result).toMatchObject({ outcome: how, exitCode, message: `step ${name}: ${how}.` });
    expect(result.steps.at(-1)).toMatchObject({ outcome: 'not-run' });
  });

  it('ends where nobody agrees', async () => {
    const world = new World();
    world.says = false;
    expect(await world.run(steps.slice(1))).toMatchObject({ outcome: 'declined', exitCode: 3 });
    expect(await world.run()).toMatchObject({ outcome: 'declined', exitCode: 4 });
    expect(world.did).toEqual(['pvc protect']);
  });

  it('ends with 130 at Ctrl-C', async () => {
    const world = new World();
    const waiting = world.run([{ name: 'wait', wait: 'healthy', target: 'db' }]);
    world.stop.abort(new StoppedError('interrupt', 'stopped by Ctrl-C'));
    expect(await waiting).toMatchObject({ outcome: 'stopped', exitCode: 130, message: 'step wait: stopped by Ctrl-C' });
  });

  it('ends where a step takes longer than its time', async () => {
    const result = await new World().run([{ name: 'wait', wait: 'healthy', target: 'db', timeout: '0s' }]);
    expect(result).toMatchObject({ outcome: 'failed', exitCode: 1, message: 'step wait: not done within 0s' });
  });

  it('does not act on an object that was created again between two steps', async () => {
    const world = new World();
    const ports = world.ports();
    const command: RunPorts['command'] = () => {
      world.mark = { uid: 'another', generation: 1 };
      return Promise.resolve('ran');
    };
    const result = await runSteps(steps, beginning, undefined, { ...ports, command });
    expect(result).toMatchObject({ outcome: 'refused', exitCode: 4 });
    expect(result.message).toMatch(
      /^step shrink: db was created again by another client \(uid another, it was u\) since step grow was done/,
    );
    expect(world.did).toEqual(['pvc protect', 'scale']);
  });
});

describe('a run that was killed', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'at line %i of its journal does what is left, and nothing that is done',
    async (line) => {
      const world = new World();
      world.dieAt = line;
      await expect(world.run()).rejects.toThrow('killed');
      const before = [...world.did];
      world.dieAt = Number.POSITIVE_INFINITY;
      expect(await world.resume()).toMatchObject({ outcome: 'done', exitCode: 0 });
      // Its work was done, and the line that says so was not written: operations are planned again, programs run when somebody agrees.
      const again = world.did.slice(before.length);
      const all = ['pvc protect', 'scale', 'notify', 'scale within 3600000'];
      const repeated = before.length + again.length - all.length;
      expect(repeated).toBeLessThanOrEqual(1);
      expect([...before.slice(0, before.length - repeated), ...again]).toEqual(all);
      const isAsked = world.asked.some((question) => question.includes('Run it again?'));
      expect(isAsked).toBe(repeated === 1 && before.at(-1) === 'notify');
    },
  );

  it('does not run a program again when nobody agrees', async () => {
    const world = new World();
    world.journal.push({ entry: 'run', schema: 1, at: '', ...beginning }, { entry: 'begun', step: 'tell', at: '' });
    world.says = false;
    expect(await world.resume(steps.slice(3))).toMatchObject({ outcome: 'declined', exitCode: 4 });
    expect(world.did).toEqual([]);
  });

  it.each([
    ['another object', { uid: 'another', generation: 2 }, /db was created again by another client/],
    ['another spec', { uid: 'u', generation: 7 }, /db was changed by another client \(generation 7, it was 2\) since step grow was done/],
  ] as const)('is not resumed on %s', async (_, mark, message) => {
    const world = new World();
    world.failing = { shrink: 'refused' };
    await world.run();
    world.mark = mark;
    world.failing = {};
    await expect(world.resume()).rejects.toThrow(RefusedError);
    await expect(world.resume()).rejects.toThrow(message);
    expect(world.did).toHaveLength(4);
  });
});
