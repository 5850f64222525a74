import { describe, expect } from 'vitest';
import { assertNoClaimLost, type Census, census, nothingOfOursLeft, recordOf } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';
import { long, seed } from '../support/seed.ts';
import { type End, endState, type Held } from './end-state.ts';
import { assertUntouched, expectBack, whileNobodyDrives } from './held.ts';
import { type Case, casesOf, mostWrites } from './sample.ts';
import { doomed, type Subject } from './subject.ts';

/**
 * The tests of one operation: a clean run, which counts its N writes, then runs in which the plugin is killed with SIGKILL
 * before the i-th write reaches the server, or after it did and before the answer came back. `npm test` runs a seeded
 * sample; STS_SAFE_LONG=1 runs all 2N, resumed and cancelled.
 */
export function killTests(subject: Subject): void {
  const clean = Promise.withResolvers<{ readonly writes: number; readonly end: End }>();
  // A clean run that fails is told by its own test.
  clean.promise.catch(() => {});

  describe.concurrent(`${subject.name}, killed${long ? ' at every write' : ` (STS_SAFE_SEED=${seed})`}`, () => {
    test('not at all', async ({ space }) => {
      try {
        await subject.prepare(space);
        const before = { ...(await census(space)), set: await space.findSet() };
        const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
        const { exitCode, stderr } = await space.runWith({ kubeconfig: proxy.kubeconfig }, ...subject.args);
        proxy.close();
        expect(exitCode, stderr).toBe(0);
        expect(proxy.writes.length).toBeLessThanOrEqual(mostWrites);
        await assertNoClaimLost(space, before, doomed(subject, before));
        await assertUntouched(before, before, space);
        await nothingOfOursLeft(space);
        clean.resolve({ writes: proxy.writes.length, end: await endState(space) });
      } catch (error) {
        clean.reject(error);
        throw error;
      }
    });

    for (const one of casesOf(subject)) {
      test(inWords(one), async ({ space, skip }) => {
        const { writes, end } = await clean.promise;
        const write = long ? one.write : one.write % writes;
        if (write >= writes) skip(`a clean run has ${writes} writes`);
        await killedAt(subject, { ...one, write }, end, space, skip);
      });
    }
  });
}

const inWords = ({ write, killed, then }: Case): string => `${killed} write ${write}${long ? '' : ' (modulo N)'}, then ${then}`;

async function killedAt(
  subject: Subject,
  { write, killed, then }: Case,
  end: End,
  space: Space,
  skip: (note: string) => void,
): Promise<void> {
  await subject.prepare(space);
  const before = await census(space);
  const start = await endState(space);
  const writes = await runAndKill(subject, write, killed, space);
  // The controller may take owners off before we do: then there is less to write.
  if (writes <= write) return skip(`this run has only ${writes} writes`);
  const held = await whileNobodyDrives(subject, before, space);
  if (then === 'resume') await resumed(subject, end, before, space);
  else await cancelled(subject, { start, end }, { before, held }, space);
  await assertUntouched(before, held, space);
}

/** @returns how many writes there were: those after the last are not there to be killed at */
async function runAndKill(subject: Subject, at: number, killed: Case['killed'], space: Space): Promise<number> {
  // By either protocol in turn.
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig, { http2: at % 2 === 0 });
  const plugin = space.start(subject.args, { kubeconfig: proxy.kubeconfig });
  proxy.hooks = {
    [killed]: async ({ index }: { index: number }) => {
      if (index !== at) return 'pass';
      plugin.kill('SIGKILL');
      await plugin.ended;
      return 'drop';
    },
  };
  const { signal, exitCode, stderr } = await plugin.ended;
  proxy.close();
  const { length } = proxy.writes;
  if (length > at) expect(signal, stderr).toBe('SIGKILL');
  else expect(exitCode, stderr).toBe(0);
  return length;
}

/** There is a record to go on with: the operation has begun and is not over. */
const isOpen = async (space: Space): Promise<boolean> => (await recordOf(space)) !== undefined;

/** The same command comes to the same end; typed again after the end, it says so and changes nothing. */
async function resumed(subject: Subject, end: End, before: Census, space: Space): Promise<void> {
  const over = !(await isOpen(space)) && ((await space.findSet()) === undefined) === (end.set === undefined);
  const { exitCode, stderr } = await space.run(...subject.args);
  await assertNoClaimLost(space, before, doomed(subject, before));
  if (!over || subject.name.startsWith('scale')) expect(exitCode, stderr).toBe(0);
  await nothingOfOursLeft(space);
  if (end.set !== undefined) await space.ready();
  expect(await endState(space)).toEqual(end);
}

interface Ends {
  readonly start: End;
  readonly end: End;
}

/** Back where it began. A restore that has started its members is not taken back, and says what to do instead. */
async function cancelled({ name }: Subject, { start, end }: Ends, moments: { before: Census; held: Held }, space: Space): Promise<void> {
  const open = await isOpen(space);
  const { exitCode, stderr } = await cancelledRun(moments, open, space);
  if (!open) {
    expect(exitCode, `there is nothing to cancel: ${stderr}`).toBe(1);
    expect(stderr).toMatch(/no operation is open|StatefulSet web not found/);
    expect([start, end]).toContainEqual(await endState(space));
    return;
  }
  if (name === 'restore' && exitCode === 3) {
    expect(stderr).toContain('kubectl sts-safe restore web');
    const again = await space.run('restore', 'web', '--yes');
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await endState(space)).toEqual(end);
    return;
  }
  expect(exitCode, stderr).toBe(0);
  if (start.set !== undefined) await space.ready();
  await nothingOfOursLeft(space);
  await expectBack(start, space);
}

/** Where doomed claims are gone already, the way back begins empty members: only a yes to exactly that takes it. */
async function cancelledRun({ before, held }: { before: Census; held: Held }, open: boolean, space: Space) {
  const lost = [...before.claims.keys()].filter((claim) => !held.claims.has(claim));
  const cancel = ['cancel', 'web', '--yes'];
  let run = await space.run(...cancel);
  if (open && lost.length > 0) {
    expect(run.exitCode, run.stderr).toBe(3);
    expect(run.stderr).toContain('claim-missing');
    run = await space.run(...cancel, '--allow', 'claim-missing');
  }
  await assertNoClaimLost(space, before, lost);
  return run;
}
