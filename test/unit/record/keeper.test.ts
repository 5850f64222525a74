import { expect, it } from 'vitest';
import { CannotError } from '../../../src/domain/errors.ts';
import { RecordKeeper } from '../../../src/record/keeper.ts';
import { ModelCluster } from '../../support/model/cluster.ts';

const target = { namespace: 'prod', name: 'web' };

it('credentials that fail at a heartbeat end nothing: the next write meets them', async () => {
  const { verbs } = new ModelCluster({ target });
  let beats = 0;
  const jsonPatch = (): Promise<never> => {
    beats += 1;
    return Promise.reject(new CannotError('the exec plugin failed'));
  };
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const ports = { verbs: { ...verbs, jsonPatch }, clock, serverNow: () => 0, stop: new AbortController().signal, onSilence: () => {} };
  await expect(new RecordKeeper(ports, target, { set: '{}' }).beat()).resolves.toBeUndefined();
  expect(beats).toBe(1);
});
