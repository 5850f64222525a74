import { describe, expect, it } from 'vitest';
import { ApiError, RefusedError } from '../../../src/domain/errors.ts';
import type { Pod } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** One Pod by eviction, without a record: typed again with the UID that it prints, it waits for the replacement. */

const asked = { operation: 'restart', options: { pod: 'web-1' } } as const;
const POD = /^DELETE .*\/pods\/web-1$/;

const uids = (cluster: ModelCluster): Readonly<Record<string, string>> =>
  Object.fromEntries(cluster.list<Pod>('pods').map(({ metadata: { name, uid } }) => [name, uid]));
const evictions = (cluster: ModelCluster): number => cluster.log.filter((what) => POD.test(what)).length;

describe('restart', () => {
  it('replaces this Pod and no other, and leaves nothing behind', async () => {
    const cluster = running(3);
    const before = uids(cluster);
    const result = await driverOf(cluster).run(asked);
    expect(result).toMatchObject({ exitCode: 0, done: ['evict', 'replaced'] });
    const after = uids(cluster);
    expect(after).toEqual({ ...before, 'web-1': expect.any(String) });
    expect(after['web-1']).not.toBe(before['web-1']);
    expect(cluster.log.filter((what) => !what.includes('/events'))).toEqual([expect.stringMatching(POD)]);
  });

  it.each(['before', 'after'] as const)('killed %s the eviction, the line with the UID evicts it once in all', async (when) => {
    const cluster = running(3);
    const { 'web-1': uid } = uids(cluster);
    await killedAt(cluster, POD, when, () => driverOf(cluster).run(asked));
    const again = { ...asked, options: { ...asked.options, uid } };
    expect(await driverOf(cluster).run(again)).toMatchObject({ exitCode: 0, remaining: [] });
    expect(uids(cluster)['web-1']).not.toBe(uid);
    expect(evictions(cluster)).toBe(1);
    await expect(driverOf(cluster).run(again)).resolves.toMatchObject({ message: expect.stringContaining('was restarted already') });
    expect(evictions(cluster)).toBe(1);
  });

  it('typed again only to wait, it ends by its time-out with 4, and with the line that waits again', async () => {
    const broken: number[] = [];
    const cluster = running(3, {}, { broken });
    const { 'web-1': uid } = uids(cluster);
    broken.push(1);
    await killedAt(cluster, POD, 'after', () => driverOf(cluster).run(asked));
    const again = await driverOf(cluster).run({ ...asked, options: { ...asked.options, uid }, stepTimeoutMs: 2000 });
    expect(again).toMatchObject({
      exitCode: 4,
      done: [],
      remaining: ['replaced'],
      resumeCommand: expect.stringContaining(`restart web-1 --uid ${uid}`),
    });
    expect(evictions(cluster)).toBe(1);
  });

  it('is told by the server that a budget allows no eviction: at once, and nothing was changed', async () => {
    const cluster = running(3);
    const before = uids(cluster);
    const causes = [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 3 healthy pods and has 3 currently' }];
    const message = "Cannot evict pod as it would violate the pod's disruption budget.";
    cluster.onWrite = (when, what) => {
      if (when !== 'before' || !POD.test(what)) return;
      throw new ApiError({ message, status: 429, reason: 'TooManyRequests', sent: 'rejected', request: 'model', details: { causes } });
    };
    await expect(driverOf(cluster).run(asked)).rejects.toThrow(new RefusedError(message));
    expect([uids(cluster), evictions(cluster)]).toEqual([before, 0]);
  });

  it('is refused while another Pod is down, and stops where one breaks after the plan was shown', async () => {
    const broken: number[] = [];
    const cluster = running(3, {}, { broken });
    const driver = driverOf(cluster);
    driver.afterConsent = () => {
      broken.push(0);
      settle(cluster);
    };
    await expect(driver.run(asked)).rejects.toThrow('web-0 is not Ready');
    expect(evictions(cluster)).toBe(0);
    expect(await driverOf(cluster).run(asked)).toMatchObject({ exitCode: 3, findings: [{ id: 'unhealthy-member-stays' }] });
  });

  it('is refused where the replacement would be of another revision', async () => {
    const cluster = running(3, { updateStrategy: { type: 'OnDelete' } });
    const [set] = cluster.list<{ metadata: object; spec: { template: { spec: object } } }>('statefulsets');
    changeSpec(cluster, { template: { ...set?.spec.template, metadata: { labels: { app: 'web' }, annotations: { to: 'two' } } } } as never);
    settle(cluster);
    expect(await driverOf(cluster).run(asked)).toMatchObject({ exitCode: 3, findings: [{ id: 'revision-would-change' }] });
    expect(evictions(cluster)).toBe(0);
    const allowed = await driverOf(cluster).run({ ...asked, allow: ['revision-would-change'] });
    expect(allowed).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['web-7', 'web-7 is not a Pod of StatefulSet web within its replicas'],
    ['db-0', 'db-0 is not a Pod of StatefulSet web within its replicas'],
  ])('%s is told apart', async (pod, message) => {
    await expect(driverOf(running(3)).run({ ...asked, options: { pod } })).rejects.toThrow(message);
  });
});
