import { describe, expect, it } from 'vitest';
import type { OperationResult } from '../../../src/plan/result.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

/** What is said to be verified names whom it is about: a count alone may be of the new, of those that stay, or of all. */

const claims = (n: number): string =>
  n === 1 ? '1 claim is the same object as before, in the same phase' : `${n} claims are the same objects as before, in the same phase`;

type Request = Parameters<ReturnType<typeof driverOf>['run']>[0];

async function verified(cluster: ModelCluster, request: Request): Promise<OperationResult['verified']> {
  const result = await driverOf(cluster).run(request);
  expect(result).toMatchObject({ outcome: 'done', exitCode: 0 });
  return result.verified;
}

const scale = (replicas: number, more: Record<string, unknown> = {}): Request => ({ operation: 'scale', options: { replicas, ...more } });

/** The operation is stopped as soon as this step begins. */
async function stopAt(cluster: ModelCluster, step: string, request: Request): Promise<void> {
  const driver = driverOf(cluster);
  driver.afterRound = () => {
    if (driver.events.some((event) => event.type === 'step-started' && event.id === step)) driver.stop.abort();
  };
  expect(await driver.run(request)).toMatchObject({ outcome: 'stopped', remaining: expect.arrayContaining([step]) });
}

describe('a scale', () => {
  it('up: the new members, whether in one patch or one by one', async () => {
    const want = ['2 new members are ready: web-3, web-4', claims(3)];
    expect(await verified(running(3), scale(5))).toEqual(want);
    expect(await verified(running(3), scale(5, { oneByOne: true }))).toEqual(want);
    expect(await verified(running(3), scale(4))).toContain('1 new member is ready: web-3');
  });

  it('down: those that are gone and those that remain', async () => {
    expect(await verified(running(5), scale(3))).toEqual([
      'the 3 remaining members are ready: web-0, web-1, web-2',
      '2 members are gone: web-4, web-3',
      claims(5),
    ]);
    expect(await verified(running(2), scale(0))).toEqual(['2 members are gone: web-1, web-0', claims(2)]);
  });

  it('of many members names a few', async () => {
    expect(await verified(running(9), scale(1))).toContain('8 members are gone: web-8, web-7, web-6, web-5 and 4 more');
  });

  it('that goes on tells only what it has seen itself', async () => {
    const cluster = running(4);
    await stopAt(cluster, 'scale-down/2', scale(1));
    expect(await verified(cluster, scale(1))).toEqual([
      'the remaining member is ready: web-0',
      '2 members are gone: web-2, web-1',
      claims(4),
    ]);
  });
});

it('a delete and the restore after it', async () => {
  const cluster = running(3);
  expect(await verified(cluster, { operation: 'delete' })).toEqual([
    '3 members are gone: web-2, web-1, web-0',
    'no claim has an owner whose end would destroy it',
    claims(3),
    'the set is gone, what it owned is left',
  ]);
  expect(await verified(cluster, { operation: 'restore' })).toEqual(['all 3 members are ready: web-0, web-1, web-2', claims(3)]);
});

it('a delete with the claims', async () => {
  const sentences = await verified(running(2), { operation: 'delete', options: { deleteClaims: true } });
  expect(sentences).toContain('2 claims are gone: data-web-0, data-web-1');
});

describe('a cancel', () => {
  it('of a scale-down: all members, back again', async () => {
    const cluster = running(3);
    await stopAt(cluster, 'scale-down/2', scale(1));
    expect(await verified(cluster, { operation: 'cancel' })).toEqual([
      'all 3 members are ready: web-0, web-1, web-2',
      '3 claims are the same objects as before, in the same phase',
    ]);
  });

  it('of a scale-up: those that it takes away again, and all that there were', async () => {
    const cluster = running(1);
    await stopAt(cluster, 'scale-up/2', scale(3));
    expect(await verified(cluster, { operation: 'cancel' })).toEqual([
      'the member is ready: web-0',
      '2 members are gone: web-2, web-1',
      '1 claim is the same object as before, in the same phase',
    ]);
  });
});
