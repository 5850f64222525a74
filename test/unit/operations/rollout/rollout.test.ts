import { describe, expect, it } from 'vitest';
import type { Claim, Pod, StatefulSet } from '../../../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../../../src/domain/members.ts';
import { type OperationRecord, RECORD_ANNOTATION } from '../../../../src/domain/stored.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import type { OperationResult } from '../../../../src/plan/result.ts';
import { denial, type ModelCluster } from '../../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../../support/model/drive.ts';
import { killedAt } from '../../../support/model/killed.ts';
import { changeSpec, running, settle } from '../../../support/model/running-set.ts';

/** Rollouts in the model cluster: every Pod is updated once, one at a time, none below the partition, whoever goes on. */

const SET = 'PATCH /apis/apps/v1/namespaces/prod/statefulsets/web';
const bob = { user: 'bob', host: 'there', pid: 2 };
const image = { image: ['main=app:2'] };

const pods = (cluster: ModelCluster): readonly Pod[] => cluster.list<Pod>('pods');
const uids = (cluster: ModelCluster): ReadonlyMap<string, string> =>
  new Map(pods(cluster).map(({ metadata }) => [metadata.name, metadata.uid]));
const claims = (cluster: ModelCluster): readonly string[] =>
  cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => `${metadata.name} ${metadata.uid}`);
const revisions = (cluster: ModelCluster): readonly (string | undefined)[] =>
  pods(cluster)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map(({ metadata }) => metadata.labels?.['controller-revision-hash']);
const imageOf = (cluster: ModelCluster): string | undefined => cluster.set()?.spec.template.spec.containers[0]?.image;
const recordIn = (cluster: ModelCluster): OperationRecord | undefined => {
  const raw = cluster.set()?.metadata.annotations?.[RECORD_ANNOTATION];
  return raw === undefined ? undefined : (JSON.parse(raw) as OperationRecord);
};
const partition = (cluster: ModelCluster): number | undefined => cluster.set()?.spec.updateStrategy?.rollingUpdate?.partition;
const planOf = ({ planned }: Driver): Plan => {
  const last = planned.at(-1);
  if (last?.outcome !== 'plan') throw new Error(JSON.stringify(last));
  return last.plan;
};

/** What is broken is noted, since an operation takes what is thrown into it for a failure. */
function guarded(driver: Driver): { readonly broken: string[]; readonly updated: string[] } {
  const { cluster } = driver;
  const [broken, updated]: [string[], string[]] = [[], []];
  let before = uids(cluster);
  driver.afterRound = () => {
    const down = pods(cluster).filter((pod) => isTerminating(pod) || !isPodReady(pod));
    if (down.length > 1) broken.push(`${down.map(({ metadata }) => metadata.name).join()} are down at once`);
    for (const { metadata } of pods(cluster)) {
      if (before.get(metadata.name) === metadata.uid || before.get(metadata.name) === undefined) continue;
      updated.push(metadata.name);
      const place = Number(metadata.name.slice('web-'.length)) - (cluster.set()?.spec.ordinals?.start ?? 0);
      if (place < (partition(cluster) ?? 0)) broken.push(`${metadata.name} is below the partition`);
    }
    before = new Map([...before, ...uids(cluster)]);
  };
  return { broken, updated };
}

function expectDone(cluster: ModelCluster, result: OperationResult): void {
  expect(result).toMatchObject({ outcome: 'done', exitCode: 0, remaining: [] });
  expect(new Set(revisions(cluster)).size).toBe(1);
  expect(imageOf(cluster)).toBe('app:2');
  expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
}

describe('rollout start', () => {
  it.each([
    ['OrderedReady', 3, 0],
    ['Parallel', 3, 0],
    ['OrderedReady', 2, 5],
    ['OrderedReady', 1, 0],
  ])('%s, %i Pods from ordinal %i on: each once, highest first', async (podManagementPolicy, replicas, start) => {
    const cluster = running(replicas, { podManagementPolicy, ordinals: { start } });
    const before = claims(cluster);
    const driver = driverOf(cluster);
    const seen = guarded(driver);
    expectDone(cluster, await driver.run({ operation: 'rollout start', options: image }));
    const names = Array.from({ length: replicas }, (_, index) => `web-${start + replicas - 1 - index}`);
    expect(seen).toEqual({ broken: [], updated: names });
    expect(claims(cluster)).toEqual(before);
    expect(partition(cluster)).toBe(0);
  });

  it('of 0 Pods is the template alone', async () => {
    const cluster = running(0);
    const result = await driverOf(cluster).run({ operation: 'rollout start', options: image });
    expect(result).toMatchObject({ outcome: 'done', done: ['archive', 'start', 'finish'] });
    expect(imageOf(cluster)).toBe('app:2');
  });

  it('leaves the update strategy as it was stored', async () => {
    const cluster = running(2, { updateStrategy: { type: 'RollingUpdate' } });
    expectDone(cluster, await driverOf(cluster).run({ operation: 'rollout start', options: image }));
    expect(cluster.set()?.spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
  });

  it('takes a strategic patch and a manifest, resolved by the server before they are planned', async () => {
    const grace = { spec: { template: { spec: { terminationGracePeriodSeconds: 60 } } } };
    const cluster = running(2);
    const driver = driverOf(cluster);
    expect((await driver.run({ operation: 'rollout start', options: { patch: grace } })).outcome).toBe('done');
    expect(cluster.set()?.spec.template.spec).toMatchObject({ terminationGracePeriodSeconds: 60, containers: [{ name: 'main' }] });
    expect(planOf(driver).changes[0]).toEqual({
      kind: 'field',
      name: 'spec.template.spec.terminationGracePeriodSeconds',
      before: 'not set',
      after: '60',
    });
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'app:2' }] } };
    expectDone(cluster, await driver.run({ operation: 'rollout start', options: { manifest: { spec: { template } } } }));
    expect(await driver.run({ operation: 'rollout start', options: { manifest: { spec: { template } } } })).toMatchObject({
      outcome: 'nothing-to-do',
      message: 'StatefulSet web already has this Pod template',
    });
  });

  it('shows which Pod is updated in which step', async () => {
    const driver = driverOf(running(3));
    await driver.run({ operation: 'rollout start', options: { ...image, steps: ['1', '100%'], pauseAt: ['1'] }, dryRun: 'client' });
    const { changes, steps, summary } = planOf(driver);
    expect(changes.map(({ name, after }) => `${name}: ${after}`)).toEqual([
      'spec.template.spec.containers[0].image: app:2',
      'web-2: updated in step 1 of 2, then a pause',
      'web-1: updated in step 2 of 2',
      'web-0: updated in step 2 of 2',
    ]);
    expect(steps.map(({ id }) => id)).toEqual(['archive', 'start', 'update/2', 'pause/1', 'update/1', 'update/0', 'finish']);
    expect(summary).toBe('rollout start of StatefulSet web: update 3 Pods one at a time, highest ordinal first, in steps of 1, 3');
  });

  it.each([
    [{ image: ['db=app:2'] }, 'there is no container db in the Pod template'],
    [{ ...image, steps: ['5'] }, '--steps 5 is more than the 3 Pods that there are'],
    [{ ...image, steps: ['50%', '1'] }, '--steps 1 is 1 of 3 Pods, less than the 2 before it'],
    [{ ...image, steps: ['1'], pauseAt: ['2'] }, '--pause-at 2 is not one of the steps'],
  ])('%j: %s', async (options, message) => {
    await expect(driverOf(running(3)).run({ operation: 'rollout start', options })).rejects.toThrow(message);
  });
});

describe('what admission denies', () => {
  it('is found before the first write, with whoever denies it', async () => {
    const cluster = running(2);
    cluster.admit = ({ after }) => {
      if (JSON.stringify(after ?? {}).includes('app:2')) throw denial('only app:1 here');
    };
    const before = cluster.log.length;
    const result = await driverOf(cluster).run({ operation: 'rollout start', options: image });
    expect(result).toMatchObject({ exitCode: 3, outcome: 'refused', findings: [{ id: 'admission-refuses' }] });
    expect(result.findings[0]?.evidence).toContainEqual(expect.objectContaining({ value: 'only app:1 here' }));
    expect(cluster.log.slice(before)).toEqual([]);
  });
});

describe('a pause', () => {
  it('ends the run with 0; promote goes on step by step, and resume to the end', async () => {
    const cluster = running(4);
    const options = { ...image, steps: ['1', '2', '100%'], pauseAt: ['1'] };
    expect(await driverOf(cluster).run({ operation: 'rollout start', options })).toMatchObject({
      outcome: 'paused',
      exitCode: 0,
      message: 'rollout start of StatefulSet web is paused with 1 of 4 Pods updated',
      remaining: ['update/2', 'update/1', 'update/0', 'finish'],
      resumeCommand: expect.stringContaining('rollout resume web'),
      cancelCommand: expect.stringContaining('cancel web'),
      verified: ['1 Pod runs the new revision web-1wwi79y and is Available: web-3'],
    });
    settle(cluster);
    expect([recordIn(cluster)?.phase, partition(cluster)]).toEqual(['paused', 3]);
    expect(await driverOf(cluster, bob).run({ operation: 'rollout promote' })).toMatchObject({
      outcome: 'paused',
      done: expect.arrayContaining(['pause/2']),
    });
    expect([recordIn(cluster)?.phase, recordIn(cluster)?.asked?.options, partition(cluster)]).toEqual(['paused', { pauseAt: ['2'] }, 2]);
    expect(await driverOf(cluster).run({ operation: 'rollout start', options })).toMatchObject({ outcome: 'refused', exitCode: 3 });
    const last = driverOf(cluster);
    expectDone(cluster, await last.run({ operation: 'rollout promote', options: { full: true } }));
    expect(planOf(last).resume?.summary).toMatch(
      /^resume rollout start of StatefulSet web \(started .* by bob@there, paused\): 2 of 4 Pods left to update$/,
    );
  });

  it('that is asked for while someone runs it stops them, and another resumes', async () => {
    const cluster = running(3, {}, { stopRounds: 40 });
    const driver = driverOf(cluster);
    let pausing: Promise<OperationResult> | undefined;
    driver.afterRound = () => {
      if (recordIn(cluster)?.cursor !== 'update/2' || pausing !== undefined) return;
      const other = driverOf(cluster, bob);
      other.liveness = 'elsewhere';
      pausing = other.run({ operation: 'rollout pause' });
    };
    expect(await driver.run({ operation: 'rollout start', options: image })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('another client paused this operation on StatefulSet web'),
    });
    expect(await pausing).toMatchObject({ exitCode: 0, message: 'the rollout of StatefulSet web is paused' });
    expect(recordIn(cluster)).toMatchObject({ phase: 'paused', cursor: 'update/2', kind: 'rollout start' });
    settle(cluster);
    expect(partition(cluster)).toBe(2);
    expect(await driverOf(cluster).run({ operation: 'rollout pause' })).toMatchObject({ outcome: 'nothing-to-do' });
    expectDone(cluster, await driverOf(cluster).run({ operation: 'rollout resume' }));
  });

  it('may be resumed with more patience than it was begun with, which whoever resumes next has too', async () => {
    const cluster = running(3);
    await driverOf(cluster).run({ operation: 'rollout start', options: { ...image, pauseAt: ['1', '2'], restartBudget: 0 } });
    expect(await driverOf(cluster).run({ operation: 'rollout resume', options: { restartBudget: 7 } })).toMatchObject({
      outcome: 'paused',
    });
    expect(recordIn(cluster)?.asked?.options).toEqual({ restartBudget: 7 });
    const driver = driverOf(cluster, bob);
    expectDone(cluster, await driver.run({ operation: 'rollout resume' }));
    const asked = planOf(driver).steps.flatMap(({ verify }) => verify.flatMap((one) => (one.is === 'rolled-out' ? [one.restarts] : [])));
    expect(new Set(asked)).toEqual(new Set([7]));
  });

  it.each(['rollout abort', 'cancel'])('%s goes back from it: only what was updated is replaced', async (operation) => {
    const cluster = running(3);
    const before = revisions(cluster);
    const kept = [...uids(cluster)].slice(0, 2);
    await driverOf(cluster).run({ operation: 'rollout start', options: { ...image, pauseAt: ['1'] } });
    const driver = driverOf(cluster, bob);
    const seen = guarded(driver);
    expect(await driver.run({ operation })).toMatchObject({ outcome: 'done', exitCode: 0 });
    expect([revisions(cluster), imageOf(cluster), partition(cluster)]).toEqual([before, undefined, 0]);
    expect([...uids(cluster)]).toEqual(expect.arrayContaining(kept));
    expect([seen.updated, cluster.set()?.metadata.annotations ?? {}]).toEqual([['web-2'], {}]);
  });

  it.each(['rollout resume', 'rollout promote'])('%s says that nothing is open', async (operation) => {
    await expect(driverOf(running(1)).run({ operation })).rejects.toThrow('no rollout of sts-safe is open on StatefulSet web');
  });
});

/** All Pods updated once already, by hand: the revision that status calls current is one that nothing runs. */
async function onDelete(replicas: number): Promise<ModelCluster> {
  const cluster = running(replicas, { updateStrategy: { type: 'OnDelete' } });
  const { template } = (cluster.set() as StatefulSet).spec;
  changeSpec(cluster, { template: { ...template, metadata: { labels: { ...template.metadata?.labels, since: 'long' } } } });
  settle(cluster);
  for (const ordinal of Array.from({ length: replicas }, (_, index) => index)) {
    cluster.terminate(`${cluster.path('pods')}/web-${ordinal}`);
    settle(cluster);
  }
  const { currentRevision, updateRevision } = (cluster.set() as StatefulSet).status;
  expect([currentRevision === updateRevision, new Set(revisions(cluster))]).toEqual([false, new Set([updateRevision])]);
  return cluster;
}

describe('a set with OnDelete', () => {
  it('is held by a partition from before its template changes, and has its strategy back', async () => {
    const cluster = await onDelete(3);
    const [runs] = revisions(cluster);
    const driver = driverOf(cluster);
    const seen = guarded(driver);
    const first = await driver.run({ operation: 'rollout start', options: { ...image, pauseAt: ['1'] } });
    expect(first).toMatchObject({ outcome: 'paused', done: ['archive', 'hold', 'start', 'update/2', 'pause/1'] });
    // Whatever deletes a Pod meanwhile updates none.
    cluster.terminate(`${cluster.path('pods')}/web-0`);
    settle(cluster);
    expect(revisions(cluster).slice(0, 2)).toEqual([runs, runs]);
    const again = driverOf(cluster, bob);
    const rest = guarded(again);
    expectDone(cluster, await again.run({ operation: 'rollout resume' }));
    expect([seen.broken, rest.broken, seen.updated, rest.updated]).toEqual([[], [], ['web-2'], ['web-1', 'web-0']]);
    expect(cluster.set()?.spec.updateStrategy).toEqual({ type: 'OnDelete' });
  });

  it('is refused while Pods wait for an earlier update', async () => {
    const cluster = running(2, { updateStrategy: { type: 'OnDelete' } });
    const { template } = (cluster.set() as StatefulSet).spec;
    changeSpec(cluster, { template: { ...template, metadata: { labels: { ...template.metadata?.labels, since: 'now' } } } });
    settle(cluster);
    expect(await driverOf(cluster).run({ operation: 'rollout start', options: image })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'update-pending', message: expect.stringContaining('2 Pods of StatefulSet web (web-0, web-1) do not run') }],
    });
  });

  it.each(['hold', 'start', 'update/2'])('killed at %s, it is aborted to what its Pods ran, and its strategy is back', async (cursor) => {
    const cluster = await onDelete(3);
    const [runs] = revisions(cluster);
    const at = { test: (what: string) => what === SET && recordIn(cluster)?.cursor === cursor } as unknown as RegExp;
    await killedAt(cluster, at, 'after', () => driverOf(cluster).run({ operation: 'rollout start', options: image }));
    expect(recordIn(cluster)?.cursor).toBe(cursor);
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(revisions(cluster)).toEqual([runs, runs, runs]);
    expect([cluster.set()?.spec.updateStrategy, recordIn(cluster)]).toEqual([{ type: 'OnDelete' }, undefined]);
  });
});

describe('killed', () => {
  const cases = (['RollingUpdate', 'OnDelete'] as const).flatMap((strategy) =>
    Array.from({ length: strategy === 'OnDelete' ? 7 : 5 }, (_, index) =>
      (['before', 'after'] as const).map((when) => [when, index + 1, strategy] as const),
    ).flat(),
  );

  it.each(cases)('%s its change %i of a set with %s, another user resumes: no Pod twice, none left', async (when, nth, strategy) => {
    const cluster = strategy === 'OnDelete' ? await onDelete(3) : running(3);
    const driver = driverOf(cluster);
    const first = guarded(driver);
    let seen = 0;
    const at = { test: (what: string) => what === SET && (seen += 1) === nth } as unknown as RegExp;
    await killedAt(cluster, at, when, () => driver.run({ operation: 'rollout start', options: image }));
    const held = partition(cluster) ?? 0;
    const runs = uids(cluster);
    settle(cluster);
    const below = [...runs].filter(([name]) => Number(name.slice('web-'.length)) < held);
    expect(below.map(([name, uid]) => uids(cluster).get(name) === uid)).toEqual(below.map(() => true));
    const again = driverOf(cluster, bob);
    const second = guarded(again);
    const operation = recordIn(cluster) === undefined ? { operation: 'rollout start', options: image } : { operation: 'rollout resume' };
    const isOver = imageOf(cluster) === 'app:2' && recordIn(cluster) === undefined;
    if (!isOver) expectDone(cluster, await again.run(operation));
    expect([...first.broken, ...second.broken]).toEqual([]);
    const updated = [...first.updated, ...second.updated];
    expect(new Set(updated).size).toBe(updated.length);
    expect(new Set(revisions(cluster)).size).toBe(1);
  });
});

describe('another client', () => {
  const spec = (cluster: ModelCluster): StatefulSet['spec'] => (cluster.set() as StatefulSet).spec;
  const template = (cluster: ModelCluster) => {
    const { spec: pod, ...rest } = spec(cluster).template;
    return { template: { ...rest, spec: { ...pod, containers: [{ name: 'main', image: 'other:1' }] } } };
  };
  const meddling = [
    ['the template', template, 'spec.template.spec.containers[0].image of StatefulSet web was changed by another client'],
    ['the partition', () => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } }), 'partition'],
    ['the replicas', () => ({ replicas: 5 }), 'spec.replicas of StatefulSet web was changed by another client'],
  ] as const;

  it.each(meddling)('changes %s on the way: it stops and says so', async (_, change, message) => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    let done = false;
    driver.afterRound = () => {
      if (recordIn(cluster)?.cursor !== 'update/2' || done) return;
      done = true;
      changeSpec(cluster, change(cluster));
    };
    const result = await driver.run({ operation: 'rollout start', options: image });
    expect(result).toMatchObject({ exitCode: 4, outcome: 'failed', message: expect.stringContaining(message) });
  });

  it.each([
    ['the template', template, 'rollout-changed'],
    ['the partition', () => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } }), 'rollout-changed'],
    ['the replicas', () => ({ replicas: 5 }), 'replicas-changed'],
  ] as const)('changes %s during a pause: resume is refused', async (_, change, id) => {
    const cluster = running(3);
    await driverOf(cluster).run({ operation: 'rollout start', options: { ...image, pauseAt: ['1'] } });
    changeSpec(cluster, change(cluster));
    settle(cluster);
    const result = await driverOf(cluster, bob).run({ operation: 'rollout resume' });
    expect(result.exitCode).toBe(3);
    expect(result.findings.filter(({ severity }) => severity === 'blocks').map((finding) => finding.id)).toEqual([id]);
  });
});

describe('rollout undo and restart', () => {
  it('restart replaces each Pod once, and again when it is asked again', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    const seen = guarded(driver);
    expect(await driver.run({ operation: 'rollout restart' })).toMatchObject({ outcome: 'done' });
    expect(await driver.run({ operation: 'rollout restart', options: { pauseAt: ['1'] } })).toMatchObject({ outcome: 'paused' });
    expect(await driver.run({ operation: 'rollout resume' })).toMatchObject({ outcome: 'done', operation: 'rollout restart' });
    expect(seen).toEqual({ broken: [], updated: ['web-1', 'web-0', 'web-1', 'web-0'] });
  });
});
