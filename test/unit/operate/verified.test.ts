import { describe, expect, it } from 'vitest';
import type { OperationResult } from '../../../src/plan/result.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

/** What is said to be verified names whom it is about: a count alone may be of the new, of those that stay, or of all. */

const claims = (n: number): string => `${n} ${n === 1 ? 'PVC' : 'PVCs'} unchanged (same UID and phase)`;

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
    const want = ['2 new Pods are Ready: web-3, web-4', claims(3), '2 PVCs were created: data-web-3, data-web-4'];
    expect(await verified(running(3), scale(5))).toEqual(want);
    expect(await verified(running(3), scale(5, { oneByOne: true }))).toEqual(want);
    expect(await verified(running(3), scale(4))).toContain('1 new Pod is Ready: web-3');
  });

  it('down: those that are gone and those that remain', async () => {
    expect(await verified(running(5), scale(3))).toEqual([
      'all 3 Pods are Ready: web-0, web-1, web-2',
      '2 Pods are deleted: web-4, web-3',
      claims(5),
    ]);
    expect(await verified(running(2), scale(0))).toEqual(['2 Pods are deleted: web-1, web-0', claims(2)]);
  });

  it('of many members names a few', async () => {
    expect(await verified(running(9), scale(1))).toContain('8 Pods are deleted: web-8, web-7, web-6, web-5 and 4 more');
  });

  it('that resumed tells of all of it: it was all read at the end', async () => {
    const cluster = running(4);
    await stopAt(cluster, 'scale-down/2', scale(1));
    expect(await verified(cluster, scale(1))).toEqual([
      'the only Pod is Ready: web-0',
      '3 Pods are deleted: web-3, web-2, web-1',
      claims(4),
    ]);
  });
});

it('a delete and the restore after it', async () => {
  const cluster = running(3);
  expect(await verified(cluster, { operation: 'delete' })).toEqual([
    'StatefulSet web is deleted and has not come back',
    '3 Pods are deleted: web-2, web-1, web-0',
    'no PVC will be garbage-collected with the StatefulSet or its Pods',
    claims(3),
  ]);
  expect(await verified(cluster, { operation: 'restore' })).toEqual(['all 3 Pods are Ready: web-0, web-1, web-2', claims(3)]);
});

it('a delete with the PVCs', async () => {
  const sentences = await verified(running(2), { operation: 'delete', options: { deleteClaims: true } });
  expect(sentences).toContain('2 PVCs are deleted: data-web-0, data-web-1');
});

describe('a cancel', () => {
  it('of a scale-down: all members, back again', async () => {
    const cluster = running(3);
    await stopAt(cluster, 'scale-down/2', scale(1));
    expect(await verified(cluster, { operation: 'cancel' })).toEqual(['all 3 Pods are Ready: web-0, web-1, web-2', claims(3)]);
  });

  it('of a scale-up: those that it takes away again, and all that there were', async () => {
    const cluster = running(1);
    await stopAt(cluster, 'scale-up/2', scale(3));
    expect(await verified(cluster, { operation: 'cancel' })).toEqual([
      'the only Pod is Ready: web-0',
      '2 Pods are deleted: web-2, web-1',
      claims(1),
    ]);
  });
});
