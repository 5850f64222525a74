import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CannotError, ChangedError, RefusedError } from '../../../src/domain/errors.ts';
import type { Claim, Pod } from '../../../src/domain/kube.ts';
import type { OperationRequest } from '../../../src/operate/ports.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { Guards } from '../../support/model/guards.ts';
import {
  type Before,
  expectAgreement,
  expectNoClaimLost,
  expectNothingOpen,
  expectOthersUntouched,
  expectSeen,
  expectStillTrue,
  lookBefore,
  ordinalOf,
  recordsIn,
} from '../../support/model/laws.ts';
import { type Foreign, isMeddled, meddle, meddlingArb } from '../../support/model/meddling.ts';
import { heal, type SetArb, setArb, worldOf } from '../../support/model/random-set.ts';
import { settle } from '../../support/model/running-set.ts';

/** The laws again, for every operation, with somebody else at work at any moment: no plan ever breaks them. */

type Asked = Partial<OperationRequest> & Pick<OperationRequest, 'operation'>;

const allowArb = fc.subarray(['unhealthy-member-stays', 'claims-deleted-on-scale-down']);
const scaleArb: fc.Arbitrary<Asked> = fc.record({
  operation: fc.constant('scale' as const),
  options: fc.record({ replicas: fc.nat(7) }),
  allow: allowArb,
});
const upArb: fc.Arbitrary<Asked> = fc.record({
  operation: fc.constant('scale' as const),
  options: fc.record({ replicas: fc.integer({ min: 4, max: 7 }), oneByOne: fc.boolean() }),
  allow: allowArb,
});
const deleteArb: fc.Arbitrary<Asked> = fc.record({
  operation: fc.constant('delete' as const),
  options: fc.record({ deleteClaims: fc.boolean() }),
});

const meddlingsArb = fc.array(meddlingArb, { maxLength: 2 });
const afterArb = fc.constantFrom('resume', 'cancel');
const bob = { user: 'bob', host: 'there', pid: 2 };

interface Run {
  readonly cluster: ModelCluster;
  readonly driver: Driver;
  readonly before: Before;
  readonly foreign: Foreign;
  readonly plan: Plan | undefined;
  readonly result: OperationResult | undefined;
}

/** Runs it while somebody meddles, and holds the end to the laws. An error is one from before the first write. */
async function run(set: SetArb, asked: Asked, meddlings: Parameters<typeof meddle>[1]): Promise<Run> {
  const cluster = worldOf(set);
  const before = lookBefore(cluster);
  const driver = driverOf(cluster);
  let foreign: Foreign = { pods: new Set(), claims: new Map() };
  const guards = new Guards(driver, before, () => foreign).oneAtATime().noneUnarchived();
  if (operationKeeps(asked, set)) guards.nobodyWhileOneIsDown(Number(asked.options?.['replicas']));
  foreign = meddle(driver, meddlings);
  const result = await ended(driver, asked);
  driver.afterRound = () => {};
  cluster.onWrite = () => {};
  const plan = driver.planned.flatMap((planned) => (planned.outcome === 'plan' ? [planned.plan] : [])).at(-1);
  guards.acquit();
  await expectTrueAdvice(cluster, asked, result);
  // A round is a second.
  settle(cluster, 6, 2);
  expectStillTrue(cluster, before, result?.verified ?? []);
  settle(cluster);
  expectNoClaimLost(cluster, before, plan, foreign);
  expectOthersUntouched(cluster, before, plan, foreign, guards.fewest);
  expectHonest(result, { cluster, before, plan, foreign });
  return { cluster, driver, before, foreign, plan, result };
}

/** What is told is so. */
function expectHonest(result: OperationResult | undefined, { cluster, before, plan, foreign }: Omit<Run, 'driver' | 'result'>): void {
  if (result?.exitCode === 0) expectSeen(before, plan, foreign);
  if (plan !== undefined && result !== undefined) expectAgreement(cluster, plan, result, foreign);
  if (result === undefined || result.exitCode !== 4) expectNothingOpen(cluster);
}

/** What an ending offers would be accepted there and then, and what would be accepted about what stands open is offered. */
async function expectTrueAdvice(cluster: ModelCluster, asked: Asked, result: OperationResult | undefined): Promise<void> {
  if (result?.exitCode !== 4) return;
  const { resumeCommand, cancelCommand } = result;
  if (resumeCommand?.startsWith('kubectl sts-safe status') === true) return expect(cluster.set()).toBeDefined();
  const isOpen = recordsIn(cluster).length > 0;
  for (const [line, request] of [
    [resumeCommand, asked],
    [cancelCommand, { operation: 'cancel' }],
  ] as const) {
    const trial = await ended(driverOf(cluster, bob), { ...request, dryRun: 'client' });
    const isAccepted = isOpen && trial?.outcome === 'dry-run';
    expect(line !== undefined, `${result.message}; ${request.operation}: ${trial?.message}`).toBe(isAccepted);
  }
}

/** A scale-down that lets nobody go while a member that stays is down. */
function operationKeeps({ operation, options = {}, allow = [] }: Asked, { replicas }: SetArb): boolean {
  const to = Number(options['replicas']);
  return operation === 'scale' && to > 0 && to <= replicas && !allow.includes('unhealthy-member-stays');
}

async function ended(driver: Driver, asked: Asked): Promise<OperationResult | undefined> {
  try {
    return await driver.run({ stepTimeoutMs: 40_000, ...asked });
  } catch (error) {
    if (error instanceof ChangedError || error instanceof RefusedError || error instanceof CannotError) return undefined;
    throw error;
  }
}

/** The end that was asked for, where nobody meddled. */
function expectGoal({ operation, options = {} }: Asked, before: Before, cluster: ModelCluster): void {
  const pods = cluster.list<Pod>('pods');
  if (operation === 'delete') {
    expect([cluster.set(), pods]).toEqual([undefined, []]);
    if (options['deleteClaims'] === true) expectDestroyed(cluster, before);
    return;
  }
  const to = Number(options['replicas']);
  expect(cluster.set()?.spec.replicas).toBe(to);
  expect(pods.map(ordinalOf).sort((a, b) => a - b)).toEqual(Array.from({ length: to }, (_, index) => before.start + index));
}

/** What came since, nobody agreed to destroy. */
function expectDestroyed(cluster: ModelCluster, { claims }: Before): void {
  const left = new Set(cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.uid));
  expect(claims.filter(({ metadata }) => left.has(metadata.uid))).toEqual([]);
}

/** What stands open goes on, or back, when all are well again; only what somebody took away keeps it, and it says so. */
async function afterwards({ cluster, before, foreign, plan }: Run, asked: Asked, way: 'resume' | 'cancel', set: SetArb): Promise<void> {
  if (recordsIn(cluster).length === 0) return;
  heal(cluster);
  const driver = driverOf(cluster, bob);
  const guards = new Guards(driver, before, () => foreign).oneAtATime();
  if (way === 'resume') guards.noneUnarchived();
  const result = await ended(driver, way === 'resume' ? asked : { operation: 'cancel', allow: asked.allow ?? [] });
  guards.acquit();
  settle(cluster);
  expectNoClaimLost(cluster, before, plan, foreign);
  if (result?.exitCode === 0) return endedWell({ cluster, before, foreign }, asked, way, set);
  expect(isMeddled(foreign) || set.whenScaled === 'Delete', `${way} of ${asked.operation}: ${result?.message}`).toBe(true);
}

function endedWell(
  { cluster, before, foreign }: Pick<Run, 'cluster' | 'before' | 'foreign'>,
  asked: Asked,
  way: 'resume' | 'cancel',
  set: SetArb,
): void {
  expectNothingOpen(cluster);
  if (way === 'resume' && foreign.replicas === undefined) return expectGoal(asked, before, cluster);
  if (way === 'resume') return;
  const { replicas, persistentVolumeClaimRetentionPolicy } = cluster.set()?.spec ?? {};
  expect(replicas).toBe(set.replicas);
  expect(persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: set.whenDeleted, whenScaled: set.whenScaled });
  expect(cluster.list<Pod>('pods')).toHaveLength(set.replicas);
}

/** How it must end when nobody meddles; undefined where that hangs on members that may never be ready. */
function expectedExit({ operation, options = {}, allow = [] }: Asked, set: SetArb): 0 | 3 | undefined {
  const to = Number(options['replicas']);
  if (operation === 'delete' || to === set.replicas) return 0;
  if (to > set.replicas) return set.broken.some((index) => index < to) ? undefined : 0;
  if (findingsOf(set, to).some((id) => !allow.includes(id))) return 3;
  return to > 0 && set.quorum > to ? undefined : 0;
}

/** What a scale-down is refused for. */
function findingsOf({ broken, whenScaled }: SetArb, to: number): readonly string[] {
  return [
    ...(broken.some((index) => index < to) ? ['unhealthy-member-stays'] : []),
    ...(whenScaled === 'Delete' ? ['claims-deleted-on-scale-down'] : []),
  ];
}

describe('the laws while someone meddles', { timeout: 120_000 }, () => {
  it.each([
    ['scale', scaleArb, 120],
    ['scale up, one by one too', upArb, 60],
    ['delete, its PVCs too', deleteArb, 120],
  ])(
    '%s: no PVC lost and no member touched beyond the plan, one at a time, and the record tells the truth',
    async (_name, askedArb, numRuns) => {
      await fc.assert(
        fc.asyncProperty(setArb, askedArb, meddlingsArb, afterArb, async (set, asked, meddlings, way) => {
          const one = await run(set, asked, meddlings);
          if (!isMeddled(one.foreign)) {
            const exit = expectedExit(asked, set);
            if (exit !== undefined) expect(one.result, JSON.stringify(one.result?.findings)).toMatchObject({ exitCode: exit });
            if (one.result?.exitCode === 0) expectGoal(asked, one.before, one.cluster);
          }
          await afterwards(one, asked, way, set);
        }),
        { numRuns },
      );
    },
  );
});
