import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/domain/errors.ts';
import type { Secret } from '../../../src/domain/kube.ts';
import { entriesOf } from '../../../src/record/index-secret.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

const SECRETS = '/api/v1/namespaces/prod/secrets';
const INDEX = `${SECRETS}/sts-safe.web`;

/** Names from the first number to the last. */
const numbered = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `sts-safe.web.${first + index}`);

const archivesIn = (cluster: ModelCluster): readonly string[] =>
  [...cluster.objects.keys()].flatMap((path) => /secrets\/(sts-safe\.web\.\d+)$/.exec(path)?.[1] ?? []);

const entered = (cluster: ModelCluster): readonly string[] =>
  entriesOf(cluster.objects.get(INDEX) as unknown as Secret).map(({ name }) => name);

/** Each takes an archive; between 1 and 2 members, and nothing else changes. */
async function scaled(cluster: ModelCluster, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const replicas = cluster.set()?.spec.replicas === 1 ? 2 : 1;
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas } })).toMatchObject({ exitCode: 0 });
  }
}

describe('the archives of a set', () => {
  it('are kept, all of them, up to ten', async () => {
    const cluster = running(1);
    await scaled(cluster, 10);
    expect(entered(cluster)).toEqual(numbered(1, 10));
    expect(archivesIn(cluster)).toEqual(numbered(1, 10));
  });

  it('are the last ten from then on: the oldest goes, from the index and as a Secret, and no number is given again', async () => {
    const cluster = running(1);
    await scaled(cluster, 13);
    expect(entered(cluster)).toEqual(numbered(4, 13));
    expect(archivesIn(cluster)).toEqual(numbered(4, 13));
  });

  it('are removed by uid: one that another client has made of that name in the meantime stays', async () => {
    const cluster = running(1);
    await scaled(cluster, 10);
    const guards: unknown[] = [];
    const remove = cluster.remove.bind(cluster);
    cluster.remove = (path, guard) => {
      guards.push([path, guard]);
      remove(path, guard);
    };
    const { uid } = (cluster.objects.get(`${SECRETS}/sts-safe.web.1`) as unknown as Secret).metadata;
    await scaled(cluster, 1);
    expect(guards).toEqual([[`${SECRETS}/sts-safe.web.1`, { uid }]]);
  });

  it('that cannot be removed is no reason to fail', async () => {
    const cluster = running(1);
    await scaled(cluster, 10);
    cluster.onWrite = (when, what) => {
      if (when === 'before' && /DELETE .*secrets/.test(what)) throw forbidden();
    };
    await scaled(cluster, 1);
    expect(entered(cluster)).toEqual(numbered(2, 11));
    expect(archivesIn(cluster)).toEqual(numbered(1, 11));
  });

  it('that leaves goes also when the answer about the index was lost', async () => {
    const cluster = running(1);
    await scaled(cluster, 10);
    cluster.onWrite = (when, what) => {
      if (when !== 'after' || what !== `PATCH ${INDEX}`) return;
      cluster.onWrite = () => {};
      throw new ApiError({ message: 'lost', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: what });
    };
    await scaled(cluster, 1);
    expect(entered(cluster)).toEqual(numbered(2, 11));
    expect(archivesIn(cluster)).toEqual(numbered(2, 11));
  });
});

function forbidden(): ApiError {
  return new ApiError({ message: 'no', status: 403, reason: 'Forbidden', sent: 'rejected', request: 'DELETE' });
}
