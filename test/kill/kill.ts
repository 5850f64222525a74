import { describe, expect } from 'vitest';
import {
  assertNoClaimLost,
  assertOnlyTouched,
  type Census,
  census,
  nothingOfOursLeft,
  recordAndWorldAgree,
  recordOf,
} from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';
import { long, randomFrom, seed } from '../support/seed.ts';
import { above, endState, type Subject, settled } from './subject.ts';

/** The i-th write's fate, and what is done about it. */
interface Case {
  readonly write: number;
  readonly killed: 'before' | 'after';
  readonly then: 'resume' | 'cancel';
}

type End = Awaited<ReturnType<typeof endState>>;

/** No operation of these has more writes; a clean run checks that. */
const mostWrites = 24;

/**
 * The tests of one operation: a clean run, which counts its N writes, then runs in which the plugin is killed with SIGKILL
 * before the i-th write reaches the server, or after it did and before the answer came back. `npm test` runs a seeded
 * sample; STS_SAFE_LONG=1 runs all 2N, resumed and cancelled.
 */
export function killTests(subject: Subject, sample: number): void {
  const clean = Promise.withResolvers<{ readonly writes: number; readonly end: End }>();
  // A clean run that fails is told by its own test.
  clean.promise.catch(() => {});

  describe.concurrent(`${subject.name}, killed${long ? ' at every write' : ` (STS_SAFE_SEED=${seed})`}`, () => {
    test('not at all', async ({ space }) => {
      try {
        await subject.prepare(space);
        const before = await census(space);
        const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
        const { exitCode, stderr } = await space.runWith({ kubeconfig: proxy.kubeconfig }, ...subject.args);
        proxy.close();
        expect(exitCode, stderr).toBe(0);
        expect(proxy.writes.length).toBeLessThanOrEqual(mostWrites);
        await assertNoClaimLost(space, before);
        await nothingOfOursLeft(space);
        clean.resolve({ writes: proxy.writes.length, end: await endState(space) });
      } catch (error) {
        clean.reject(error);
        throw error;
      }
    });

    const cases = long ? everyCase(subject) : sampledCases(subject, sample);
    for (const one of cases) {
      test(inWords(one), async ({ space, skip }) => {
        const { writes, end } = await clean.promise;
        const write = long ? one.write : one.write % writes;
        if (write >= writes) skip(`a clean run has ${writes} writes`);
        await killedAt(subject, { ...one, write }, end, space);
      });
    }
  });
}

const inWords = ({ write, killed, then }: Case): string => `${killed} write ${write}${long ? '' : ' (modulo N)'}, then ${then}`;

function everyCase({ cancellable }: Subject): readonly Case[] {
  const thens = cancellable ? (['resume', 'cancel'] as const) : (['resume'] as const);
  return Array.from({ length: mostWrites }, (_, write) =>
    (['before', 'after'] as const).flatMap((killed) => thens.map((then) => ({ write, killed, then }))),
  ).flat();
}

function sampledCases({ name, cancellable }: Subject, count: number): readonly Case[] {
  const random = randomFrom(seed + name.length);
  return Array.from({ length: count }, () => ({
    write: Math.floor(random() * 1000),
    killed: random() < 0.5 ? 'before' : 'after',
    then: cancellable && random() < 0.5 ? 'cancel' : 'resume',
  }));
}

async function killedAt(subject: Subject, { write, killed, then }: Case, end: End, space: Space): Promise<void> {
  await subject.prepare(space);
  const before = await census(space);
  const start = await endState(space);
  await runAndKill(subject, write, killed, space);
  await whileNobodyDrives(subject, before, space);

  const open = (await recordOf(space)) !== undefined;
  const { exitCode, stderr } = await (then === 'resume' ? space.run(...subject.args) : space.run('cancel', 'web', '--yes'));
  await assertNoClaimLost(space, before);
  if (then === 'resume') await resumed(subject, end, { exitCode, stderr, open }, space);
  else await cancelled(subject, { start, end }, { exitCode, stderr, open }, space);
}

async function runAndKill(subject: Subject, at: number, killed: Case['killed'], space: Space): Promise<void> {
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  const plugin = space.start(subject.args, { kubeconfig: proxy.kubeconfig });
  proxy.hooks = {
    [killed]: async ({ index }: { index: number }) => {
      if (index !== at) return 'pass';
      plugin.kill('SIGKILL');
      await plugin.ended;
      return 'drop';
    },
  };
  const { signal, stderr } = await plugin.ended;
  proxy.close();
  expect(signal, stderr).toBe('SIGKILL');
}

/** The laws that hold when the plugin is gone, at whatever point it went. */
async function whileNobodyDrives({ holds }: Subject, before: Census, space: Space): Promise<void> {
  await recordAndWorldAgree(space);
  // A deletion that the server has taken is done: the garbage collector still lets go of what the set owns.
  if ((await space.findSet())?.metadata.deletionTimestamp !== undefined) await space.untilSetGone();
  const set = await space.findSet();
  if (holds) {
    await settled(space);
    const then = await space.podNames();
    await space.barrier();
    expect((await space.findSet())?.spec.replicas).toBe(set?.spec.replicas);
    expect(await space.podNames()).toEqual(then);
  }
  await assertOnlyTouched(space, before, above(before.pods.keys(), set));
  await assertNoClaimLost(space, before);
}

interface Outcome {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** There was a record to go on with: the operation had begun and was not over. */
  readonly open: boolean;
}

/** The same command comes to the same end; typed again after the end, it says so and changes nothing. */
async function resumed({ name }: Subject, end: End, { exitCode, stderr, open }: Outcome, space: Space): Promise<void> {
  const over = !open && ((await endState(space)).set === undefined) === (end.set === undefined);
  if (open || !over || name.startsWith('scale')) expect(exitCode, stderr).toBe(0);
  await nothingOfOursLeft(space);
  if (end.set !== undefined) await space.ready();
  expect(await endState(space)).toEqual(end);
}

/** Back where it began. A restore that has started its members is not taken back, and says what to do instead. */
async function cancelled({ name }: Subject, { start, end }: { start: End; end: End }, outcome: Outcome, space: Space): Promise<void> {
  const { exitCode, stderr, open } = outcome;
  if (!open) {
    expect(exitCode, `there is nothing to cancel: ${stderr}`).toBe(1);
    expect(stderr).toMatch(/no operation of ours is open|StatefulSet web not found/);
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
  // What came into being beside the set stays: claims are never deleted on the way back, nor is a Service.
  const { restorable, claims, services } = await endState(space);
  expect(claims).toEqual(expect.arrayContaining([...start.claims]));
  expect(services).toEqual(expect.arrayContaining([...start.services]));
  expect(await endState(space)).toEqual({ ...start, restorable, claims, services });
}
