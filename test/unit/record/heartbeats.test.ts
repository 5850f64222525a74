import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/domain/clock.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import { subjectOf } from '../../../src/domain/snapshot.ts';
import { perform } from '../../../src/execute/perform.ts';
import type { ExecutePorts } from '../../../src/execute/ports.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { HEARTBEAT_ANNOTATION } from '../../../src/record/codec.ts';
import { HEARTBEAT_MS, keepBeating } from '../../../src/record/heartbeat.ts';
import { RecordKeeper } from '../../../src/record/keeper.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { running, target } from '../../support/model/running-set.ts';
import { recordOf } from '../../support/objects.ts';

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';

const record = recordOf({ kind: 'delete', cursor: 'delete-set', putBack: {} });

const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };

/** A set of none with our record on it, and who keeps that. The model's log begins with what comes next. */
async function kept() {
  const cluster = running(0);
  const patience = { clock, stop: new AbortController().signal, onSilence: () => {} };
  const keeper = new RecordKeeper({ ...patience, verbs: cluster.verbs, serverNow: () => cluster.now }, target, {});
  await keeper.changeSet(uidOf(cluster), [], record);
  cluster.log.length = 0;
  return { cluster, keeper, patience };
}

const uidOf = (cluster: ModelCluster): string => cluster.set()?.metadata.uid ?? '';
const beatOf = (cluster: ModelCluster): string | undefined => cluster.set()?.metadata.annotations?.[HEARTBEAT_ANNOTATION];

describe('a heartbeat', () => {
  it('waits while work goes on that must not meet it, and comes right after', async () => {
    const { cluster, keeper } = await kept();
    const work = Promise.withResolvers<void>();
    const exclusive = keeper.exclusively(() => work.promise);
    const beat = keeper.beat();
    await setImmediate();
    expect([cluster.log, beatOf(cluster)]).toEqual([[], undefined]);
    work.resolve();
    await Promise.all([exclusive, beat]);
    expect([cluster.log, beatOf(cluster)]).toEqual([[`PATCH ${SET}`], new Date(cluster.now).toISOString()]);
  });

  it('comes also after such work that failed, and the failure is told to whoever began it', async () => {
    const { cluster, keeper } = await kept();
    const exclusive = keeper.exclusively(() => Promise.reject(new Error('no')));
    const beat = keeper.beat();
    await expect(exclusive).rejects.toThrow('no');
    await beat;
    expect(beatOf(cluster)).toBeDefined();
  });

  it('never comes between the look at a set and its DELETE, which would fail by the other resourceVersion', async () => {
    const { cluster, keeper, patience } = await kept();
    const beats: Promise<void>[] = [];
    const tries: string[] = [];
    // Without an index, as with --save-to alone: then the heart beats on the set itself.
    const verbs = {
      ...cluster.verbs,
      get: async (path: string) => {
        const found = await cluster.verbs.get(path);
        beats.push(keeper.beat());
        await setImmediate();
        return found;
      },
      delete: (path: string, guard: Parameters<typeof cluster.verbs.delete>[1]) => {
        tries.push(path);
        return cluster.verbs.delete(path, guard);
      },
    };
    const fresh = cluster.snapshot();
    const ports = { ...patience, verbs, keeper } as unknown as ExecutePorts;
    const plan = { target } as unknown as Plan;
    await perform(
      { verb: 'delete', ref: subjectOf(target), uid: uidOf(cluster), propagation: 'Orphan' },
      { ports, plan, record, fresh, created: {}, execution: { id: '', holder: record.holder }, enter: () => {} },
    );
    await Promise.all(beats);
    expect(cluster.set()).toBeUndefined();
    expect(beats).toHaveLength(1);
    expect(tries).toEqual([SET]);
    // Our intent, then the deletion; the heart that waited has nothing to beat on any more.
    expect(cluster.log).toEqual([`PATCH ${SET}`, `DELETE ${SET}`]);
  });

  it('that the server does not take changes nothing, and is no error', async () => {
    const { cluster, keeper } = await kept();
    const { metadata } = cluster.set() as StatefulSet;
    const annotations = { ...metadata.annotations, 'sts-safe.dev/operation': 'of another client' };
    cluster.store(SET, { ...cluster.set(), metadata: { ...metadata, annotations } });
    await keeper.beat();
    expect(beatOf(cluster)).toBeUndefined();
    cluster.onWrite = () => {
      throw new ApiError({ message: 'gone', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: 'PATCH' });
    };
    await keeper.beat();
  });

  it('comes every ten seconds, first after ten, until the operation is over', async () => {
    const over = new AbortController();
    const slept: number[] = [];
    let beats = 0;
    const patient: Clock = {
      now: () => 0,
      sleep: (ms, signal) => {
        slept.push(ms);
        expect(beats).toBe(slept.length - 1);
        return signal?.aborted === true || slept.length > 3 ? Promise.reject(new Error('over')) : Promise.resolve();
      },
    };
    const beat = (): Promise<void> => Promise.resolve(void (beats += 1));
    await keepBeating(beat, patient, over.signal);
    expect([beats, slept]).toEqual([3, [HEARTBEAT_MS, HEARTBEAT_MS, HEARTBEAT_MS, HEARTBEAT_MS]]);
    over.abort();
    await keepBeating(beat, patient, over.signal);
    expect(beats).toBe(3);
  });
});
