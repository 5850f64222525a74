import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, Pod } from '../../../src/domain/kube.ts';
import type { OperationRequest } from '../../../src/operate/ports.ts';
import { type Change, denial, failure, type ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { expectNothingOpen, recordsIn } from '../../support/model/laws.ts';
import { setArb, worldOf } from '../../support/model/random-set.ts';
import { running, settle } from '../../support/model/running-set.ts';

/** Admission says no: before the first write nothing is written, after it both ways on are open. */

const replicasOf = (object: Change['after']): unknown => (object?.['spec'] as { replicas?: unknown } | undefined)?.replicas;

/** A policy on the set's number of replicas; other writes pass. */
function policy(cluster: ModelCluster, allows: (to: unknown, from: unknown) => boolean): void {
  cluster.admit = ({ what, before, after }) => {
    const [to, from] = [replicasOf(after), replicasOf(before)];
    if (!what.includes('/statefulsets') || after === undefined || to === from || allows(to, from)) return;
    throw denial(`${String(from)} to ${String(to)} is not allowed`);
  };
}

const written = ({ log }: ModelCluster): readonly string[] => log.filter((what) => !what.endsWith('/events'));

const uids = (cluster: ModelCluster): readonly string[] =>
  [...cluster.list<Pod>('pods'), ...cluster.list<Claim>('persistentvolumeclaims')].map(({ metadata }) => metadata.uid).sort();

describe('the laws of admission', { timeout: 120_000 }, () => {
  it('what is denied before the first write leaves nothing; what is denied later can be gone on with and taken back', async () => {
    await fc.assert(
      fc.asyncProperty(
        setArb,
        fc.nat(5),
        fc.constantFrom<Pick<OperationRequest, 'operation' | 'options'>>(
          { operation: 'delete', options: {} },
          { operation: 'scale', options: { replicas: 1 } },
        ),
        fc.constantFrom('resume', 'cancel'),
        async (set, denied, request, way) => {
          const cluster = worldOf({ ...set, broken: [], quorum: 0, whenScaled: 'Retain' });
          const { replicas } = cluster.set()?.spec ?? {};
          const before = uids(cluster);
          policy(cluster, (to) => to !== denied);
          const result = await driverOf(cluster).run(request);
          if (result.exitCode === 0) return;
          expect(result.message).toContain(result.exitCode === 3 ? 'rejected by admission' : 'denied request');
          if (result.exitCode === 3) {
            expect(result.findings.map(({ id }) => id)).toContain('admission-refuses');
            expect(written(cluster)).toEqual([]);
            expect(uids(cluster)).toEqual(before);
            return;
          }
          expect(result.exitCode).toBe(4);
          expect(recordsIn(cluster)).toMatchObject([{ state: 'valid', record: { phase: 'stopped' } }]);
          cluster.admit = () => {};
          settle(cluster);
          expect(await driverOf(cluster).run(way === 'resume' ? request : { operation: 'cancel' })).toMatchObject({ exitCode: 0 });
          if (way === 'cancel') expect(cluster.set()?.spec.replicas).toBe(replicas);
          expectNothingOpen(cluster);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a policy that allows whole steps alone', () => {
  const refusedBy = async (request: Partial<OperationRequest> & Pick<OperationRequest, 'operation'>, driver?: Driver) => {
    const cluster = driver?.cluster ?? running(3);
    policy(cluster, (to, from) => to === 0 || from === 0);
    const result = await (driver ?? driverOf(cluster)).run(request);
    expect(written(cluster)).toEqual([]);
    return result;
  };

  it.each([
    ['scale', { replicas: 1 }],
    ['scale', { replicas: 5 }],
    ['delete', {}],
  ] as const)('stops %s %j before its first write, and says who it is', async (operation, options) => {
    const { findings, exitCode } = await refusedBy({ operation, options });
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      {
        id: 'admission-refuses',
        grade: 'proven',
        override: 'never',
        message: expect.stringMatching(/^ValidatingAdmissionPolicy model denies step scale-/),
        evidence: [{ object: 'validatingadmissionpolicy/model', field: 'message' }, { field: 'spec.replicas' }],
      },
    ]);
  });

  it('is found by a dry run on the server, of the first change for sure and of later ones likely', async () => {
    const { findings } = await refusedBy({ operation: 'delete', dryRun: 'server' });
    expect(findings.map(({ grade, message }) => [grade, /step \S+/.exec(message)?.[0]])).toEqual([
      ['proven', 'step scale-down/2'],
      ['likely', 'step scale-down/1'],
    ]);
  });

  it('is not asked by a dry run of the client', async () => {
    expect(await refusedBy({ operation: 'delete', dryRun: 'client' })).toMatchObject({ exitCode: 0 });
  });

  it('stops the way back before it writes, and the record stays', async () => {
    const cluster = running(3, {}, { stopRounds: 3 });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas === 2) driver.stop.abort();
    };
    await driver.run({ operation: 'delete' });
    driver.afterRound = () => {};
    settle(cluster);
    const records = recordsIn(cluster);
    cluster.log.length = 0;
    expect(await refusedBy({ operation: 'cancel' }, driver)).toMatchObject({ exitCode: 3, findings: [{ id: 'admission-refuses' }] });
    expect(recordsIn(cluster)).toEqual(records);
  });
});

describe('a set that may not be created', () => {
  it('is not restored, and nothing of ours is written', async () => {
    const cluster = running(2);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    settle(cluster);
    cluster.log.length = 0;
    cluster.admit = ({ what }) => {
      if (what.startsWith('POST') && what.endsWith('/statefulsets')) throw denial('no sets here');
    };
    const { exitCode, findings } = await driverOf(cluster).run({ operation: 'restore' });
    const refused = findings.find(({ id }) => id === 'admission-refuses');
    expect([exitCode, refused?.evidence[0]?.value]).toEqual([3, 'no sets here']);
    expect(written(cluster)).toEqual([]);
  });
});

describe('what a trial cannot know', () => {
  it.each([failure(403, 'Forbidden', 'exceeded quota: none'), failure(404, 'NotFound', 'gone'), failure(500, 'InternalError', 'ill')])(
    'is left to the write: %s',
    async (error) => {
      const cluster = running(2);
      Object.assign(cluster.dryRunVerbs, { jsonPatch: () => Promise.reject(error) });
      expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas: 1 } })).toMatchObject({ exitCode: 0 });
    },
  );
});

describe('a dry run of many members', () => {
  it('tries the first change, the last, and some between, and says how many it did not', async () => {
    const cluster = running(30);
    let tried: unknown[] = [];
    cluster.admit = ({ what, after }) => void (what.startsWith('PATCH') && tried.push(replicasOf(after)));
    const { verified } = await driverOf(cluster).run({ operation: 'scale', options: { replicas: 0 }, dryRun: 'server' });
    expect(tried).toHaveLength(20);
    expect([tried[0], tried.at(-1)]).toEqual([29, 0]);
    expect(verified).toContain('patch StatefulSet: accepted by the server (dry run), 20 different ones; 10 more were not tried');
    tried = [];
    cluster.admit = ({ after }) => {
      if (replicasOf(after) === 0) throw denial('never to 0');
    };
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas: 0 }, dryRun: 'server' })).toMatchObject({ exitCode: 3 });
  });
});
