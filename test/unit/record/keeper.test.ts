import { expect, it } from 'vitest';
import { CannotError } from '../../../src/domain/errors.ts';
import { RecordKeeper } from '../../../src/record/keeper.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { running, target } from '../../support/model/running-set.ts';
import { recordOf } from '../../support/objects.ts';

function keeperOf({ verbs }: Pick<ModelCluster, 'verbs'>, set?: string): RecordKeeper {
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const ports = { verbs, clock, serverNow: () => 0, stop: new AbortController().signal, onSilence: () => {} };
  return new RecordKeeper(ports, target, set === undefined ? {} : { set });
}

it('credentials that fail at a heartbeat end nothing: the next write meets them', async () => {
  const { verbs } = running(1);
  let beats = 0;
  const jsonPatch = (): Promise<never> => {
    beats += 1;
    return Promise.reject(new CannotError('the exec plugin failed'));
  };
  await expect(keeperOf({ verbs: { ...verbs, jsonPatch } }, '{}').beat()).resolves.toBeUndefined();
  expect(beats).toBe(1);
});

it('takes the first heartbeat off too that came between the last look and the last write', async () => {
  const cluster = running(1);
  const keeper = keeperOf(cluster);
  const uid = cluster.set()?.metadata.uid ?? '';
  await keeper.changeSet(uid, [], recordOf());
  const look = cluster.set();
  await keeper.beat();
  await keeper.closeOnSet(uid, look);
  expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
});
