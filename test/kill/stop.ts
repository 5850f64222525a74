import { describe, expect } from 'vitest';
import { resultOf } from '../support/documents.ts';
import { assertNoClaimLost, type Census, census, nothingOfOursLeft, recordOf } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import type { PluginRun } from '../support/plugin.ts';
import { type Verdict, type Write, WriteProxy } from '../support/proxy.ts';
import { long, randomFrom, seed } from '../support/seed.ts';
import { type End, endState, type Held } from './end-state.ts';
import { assertUntouched, expectBack, whileNobodyDrives } from './held.ts';
import { mostWrites } from './sample.ts';
import type { Subject } from './subject.ts';
import { type Told, toldByDocument, toldInWords } from './told.ts';

/** A signal that comes when the i-th write is on its way, and which of the printed commands is typed afterwards. */
interface Case {
  /** In a sample, modulo the number of writes of a clean run. */
  readonly write: number;
  readonly signal: 'SIGINT' | 'SIGTERM';
  readonly then: 'go on' | 'go back';
}

interface Clean {
  readonly writes: number;
  /** Ids of all steps. */
  readonly steps: readonly string[];
  readonly end: End;
}

/**
 * The tests of one operation: a clean run, then runs in which the signal comes at each of its writes, which then goes
 * through. What Ctrl-C leaves is read from a document, what SIGTERM leaves from the text. `npm test` runs a seeded sample;
 * STS_SAFE_LONG=1 runs all.
 *
 * @param consent flags that a script adds to a printed line: nobody is there to be asked
 */
export function stopTests(subject: Subject, consent: readonly string[], sample: number): void {
  const clean = Promise.withResolvers<Clean>();
  // A clean run that fails is told by its own test.
  clean.promise.catch(() => {});

  describe.concurrent(`${subject.name}, stopped${long ? ' at every write' : ` (STS_SAFE_SEED=${seed})`}`, () => {
    test('not at all', async ({ space }) => {
      try {
        clean.resolve(await cleanRun(subject, space));
      } catch (error) {
        clean.reject(error);
        throw error;
      }
    });

    for (const one of long ? everyCase : sampledCases(subject, sample)) {
      test(`by ${one.signal} at write ${one.write}${long ? '' : ' (modulo N)'}, then ${one.then}`, async ({ space, skip }) => {
        const whole = await clean.promise;
        const write = long ? one.write : one.write % whole.writes;
        if (write >= whole.writes) skip(`a clean run has ${whole.writes} writes`);
        await stoppedAt(subject, { ...one, write }, whole, { consent, space, skip });
      });
    }
  });
}

const everyCase: readonly Case[] = Array.from({ length: mostWrites }, (_, write) => [
  { write, signal: 'SIGINT', then: 'go on' } as const,
  { write, signal: 'SIGINT', then: 'go back' } as const,
  { write, signal: 'SIGTERM', then: 'go on' } as const,
]).flat();

function sampledCases({ name }: Subject, count: number): readonly Case[] {
  const random = randomFrom(seed + name.length);
  return Array.from({ length: count }, () => ({
    write: Math.floor(random() * 1000),
    signal: random() < 0.7 ? 'SIGINT' : 'SIGTERM',
    then: random() < 0.5 ? 'go on' : 'go back',
  }));
}

async function cleanRun(subject: Subject, space: Space): Promise<Clean> {
  await subject.prepare(space);
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  const run = await space.runWith({ kubeconfig: proxy.kubeconfig }, ...subject.args, '-o', 'json');
  proxy.close();
  const { done } = resultOf(run, 0);
  expect(proxy.writes.length).toBeLessThanOrEqual(mostWrites);
  return { writes: proxy.writes.length, steps: done, end: await endState(space) };
}

interface Place {
  readonly consent: readonly string[];
  readonly space: Space;
  readonly skip: (note: string) => void;
}

async function stoppedAt(subject: Subject, one: Case, clean: Clean, { consent, space, skip }: Place): Promise<void> {
  await subject.prepare(space);
  const before = await census(space);
  const start = await endState(space);
  const { run, writes } = await runAndStop(subject, one, space);
  // The controller may take owners off before we do: then there is less to write.
  if (writes.length <= one.write) return skip(`this run has only ${writes.length} writes`);
  const held = await whileNobodyDrives(subject, before, space);
  if (run.exitCode === 0) {
    // The last one takes the record off: who comes then has come too late, and all is done and verified.
    expect(writes.length, `it went on after the signal: ${run.stderr}`).toBe(one.write + 1);
    await atTheEnd(clean.end, before, space);
  } else if (writes.some(isChange)) {
    const told = toldBy(run, one, clean.steps);
    expect((await recordOf(space))?.state === 'valid' && (await recordOf(space))).toMatchObject({ record: { phase: 'stopped' } });
    await wayOn(told, one, { start, clean, before, held }, consent, space);
  } else {
    expectUnchanged(run, one);
    expect(await endState(space)).toEqual(start);
    const again = await space.run(...subject.args);
    expect(again.exitCode, again.stderr).toBe(0);
    await atTheEnd(clean.end, before, space);
  }
  await assertUntouched(before, held, space);
}

/** The signal is heard before the write goes on its way, and by then it is said what comes of it. */
async function runAndStop({ args }: Subject, { write, signal }: Case, space: Space): Promise<{ run: PluginRun; writes: readonly Write[] }> {
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  const plugin = space.start([...args, ...(signal === 'SIGINT' ? ['-o', 'json'] : [])], { kubeconfig: proxy.kubeconfig });
  proxy.hooks = {
    before: async ({ index }): Promise<Verdict> => {
      if (index !== write) return 'pass';
      plugin.kill(signal);
      await plugin.sees(/stopping/);
      return 'pass';
    },
  };
  const run = await plugin.ended;
  proxy.close();
  return { run, writes: proxy.writes };
}

/** Archive and record in our own Secrets are no change to anything of the user's. */
const isChange = ({ path }: Write): boolean => !path.includes('/secrets');

const codes = { SIGINT: 130, SIGTERM: 4 } as const;

function toldBy(run: PluginRun, { signal }: Case, steps: readonly string[]): Told {
  expect(run.exitCode, run.stdout + run.stderr).toBe(codes[signal]);
  const told = signal === 'SIGINT' ? toldByDocument(run) : toldInWords(run);
  if (signal === 'SIGINT') expect([...told.done, ...told.remaining]).toEqual(steps);
  expect(told.done.length).toBeGreaterThan(0);
  expect(told.remaining.length).toBeGreaterThan(0);
  return told;
}

/** Before its first change it says so, and lists nothing: there is nothing to go on with. */
function expectUnchanged(run: PluginRun, { signal }: Case): void {
  expect(run.exitCode, run.stderr).toBe(signal === 'SIGINT' ? 130 : 1);
  expect(run.stderr).toContain('nothing was changed');
  expect(run.stdout).toBe('');
}

interface Moments {
  readonly start: End;
  readonly clean: Clean;
  readonly before: Census;
  readonly held: Held;
}

/** The printed line, as it stands, comes to the end, or back to the beginning; members that may have started do not go back. */
async function wayOn(
  told: Told,
  { then }: Case,
  { start, clean, before }: Moments,
  consent: readonly string[],
  space: Space,
): Promise<void> {
  const started = (await space.findSet())?.spec.replicas ?? 0;
  const restored = start.set === undefined && started > 0;
  expect(told.message).toContain(restored ? 'the controller keeps scaling' : 'the StatefulSet stays at its current size');
  expect(told.cancelCommand === undefined, 'whether there is a way back').toBe(restored);
  if (then === 'go back' && told.cancelCommand !== undefined) {
    const back = await space.line(`${told.cancelCommand} --yes`);
    expect(back.exitCode, back.stdout + back.stderr).toBe(0);
    await assertNoClaimLost(space, before);
    if (start.set !== undefined) await space.ready();
    await nothingOfOursLeft(space);
    await expectBack(start, space);
    return;
  }
  const on = await space.line([told.resumeCommand, ...consent].join(' '));
  expect(on.exitCode, on.stdout + on.stderr).toBe(0);
  await atTheEnd(clean.end, before, space);
}

async function atTheEnd(end: End, before: Census, space: Space): Promise<void> {
  await assertNoClaimLost(space, before);
  await nothingOfOursLeft(space);
  if (end.set !== undefined) await space.ready();
  expect(await endState(space)).toEqual(end);
}
