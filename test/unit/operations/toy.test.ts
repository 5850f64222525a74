import { beforeAll, describe, expect, it } from 'vitest';
import type { Claim, Secret } from '../../../src/domain/kube.ts';
import { subjectOf } from '../../../src/domain/snapshot.ts';
import { RECORD_ANNOTATION, RECORD_LABEL } from '../../../src/domain/stored.ts';
import { openRecord } from '../../../src/operate/open-record.ts';
import { accessOf } from '../../../src/operations/access.ts';
import { consentTable, optionSchemas, register } from '../../../src/operations/registry.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { decodeArchive, encodeArchive } from '../../../src/record/archive.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { changeSpec, running, settle, target } from '../../support/model/running-set.ts';
import { mark, tune } from '../../support/toy-operations.ts';

/** An operation that nobody has foreseen: all of the driver, and no file of src, carries it. */

beforeAll(() => {
  register(tune);
  register(mark);
});

const SET = 'PATCH /apis/apps/v1/namespaces/prod/statefulsets/web';
const CLAIM = { resource: 'persistentvolumeclaims', namespace: 'prod', name: 'data-web-2' } as const;
const bob = { user: 'bob', host: 'there', pid: 2 };
const asked = { operation: 'tune up', options: { seconds: 5 } } as const;

const seconds = (cluster: ModelCluster): unknown => (cluster.set()?.spec as { minReadySeconds?: number } | undefined)?.minReadySeconds;
const recordOf = (cluster: ModelCluster): string | undefined => cluster.set()?.metadata.annotations?.[RECORD_ANNOTATION];
const labelOf = (cluster: ModelCluster): string | undefined => cluster.set()?.metadata.labels?.[RECORD_LABEL];

function planOf(driver: Driver): Plan {
  const planned = driver.planned.at(-1);
  if (planned?.outcome !== 'plan') throw new Error(`no plan: ${JSON.stringify(planned)}`);
  return planned.plan;
}

describe('one more operation on a set, with a record', () => {
  it('is in the consent table, and says what it may be asked', () => {
    expect(consentTable().map(({ operation }) => operation)).toEqual(expect.arrayContaining(['tune up', 'mark', 'scale down']));
    expect(optionSchemas()['tune up']).toMatchObject({ properties: { seconds: { type: 'integer', minimum: 0 } } });
  });

  it('is refused for options that its schema does not have', async () => {
    const driver = driverOf(running(3));
    await expect(driver.run({ ...asked, options: { seconds: -1 } })).rejects.toThrow(/^tune up: option seconds must be >= 0/);
    await expect(driver.run({ ...asked, options: {} })).rejects.toThrow(/^tune up: option/);
    expect(driver.cluster.log).toEqual([]);
  });

  it('is planned with a digest, and tried by the server without a change', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    const before = structuredClone(cluster.set());
    const result = await driver.run({ ...asked, dryRun: 'server' });
    expect(result).toMatchObject({ exitCode: 0, outcome: 'dry-run', digest: planOf(driver).digest });
    expect(result.verified).toContain('patch StatefulSet: accepted by the server (dry run), 2 different ones');
    expect(cluster.set()).toEqual(before);
  });

  it('needs the permissions of its writes, and is refused without them', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.denied = (needs) => needs.filter(({ verb, resource }) => verb === 'patch' && resource === 'statefulsets');
    expect(await driver.run(asked)).toMatchObject({ exitCode: 3, findings: [{ id: 'permission-missing' }] });
    driver.denied = () => [];
    await driver.run({ ...asked, dryRun: 'client' });
    expect(accessOf(planOf(driver)).map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(
      expect.arrayContaining(['patch statefulsets', 'create secrets']),
    );
    expect(cluster.log).toEqual([]);
  });

  it('is carried out and verified, and leaves no record', async () => {
    const cluster = running(3);
    expect(await driverOf(cluster).run(asked)).toMatchObject({
      exitCode: 0,
      message: 'StatefulSet web tuned',
      done: ['archive', 'hold', 'keep', 'look', 'end'],
    });
    expect([seconds(cluster), recordOf(cluster), labelOf(cluster)]).toEqual([5, undefined, undefined]);
  });

  it.each([1, 2, 3] as const)('killed before and after write %i of the set, resumes to the end', async (nth) => {
    for (const when of ['before', 'after'] as const) {
      const cluster = running(3);
      let seen = 0;
      const at = { test: (what: string) => what === SET && ++seen === nth } as unknown as RegExp;
      await killedAt(cluster, at, when, () => driverOf(cluster).run(asked));
      const driver = driverOf(cluster, bob);
      expect(await driver.run(asked)).toMatchObject({ exitCode: 0, remaining: [] });
      expect([seconds(cluster), recordOf(cluster)]).toEqual([5, undefined]);
    }
  });

  it('is found open, taken over from a silent holder, and not while that one is at work', async () => {
    const cluster = running(3);
    let seen = 0;
    await killedAt(cluster, { test: (what: string) => what === SET && ++seen === 2 } as unknown as RegExp, 'after', () =>
      driverOf(cluster).run(asked),
    );
    expect(openRecord(cluster.snapshot())?.found).toMatchObject({ state: 'valid', record: { kind: 'tune up', cursor: 'keep' } });
    expect(labelOf(cluster)).toBe('tune-up');
    const driver = driverOf(cluster, bob);
    driver.liveness = 'elsewhere';
    const busy = await driver.run({ ...asked, takeOver: false });
    expect(busy).toMatchObject({ exitCode: 3, findings: [{ id: 'other-operation' }] });
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 3 });
    cluster.now += 60_000;
    let wasAsked = false;
    driver.takeOver = () => {
      wasAsked = true;
    };
    expect(await driver.run({ ...asked, takeOver: false })).toMatchObject({ exitCode: 0 });
    expect([wasAsked, planOf(driver).from, recordOf(cluster)]).toEqual([true, 'keep', undefined]);
  });

  it('does not go on by an archive of its name that is another one', async () => {
    const cluster = running(3);
    let seen = 0;
    await killedAt(cluster, { test: (what: string) => what === SET && ++seen === 2 } as unknown as RegExp, 'after', () =>
      driverOf(cluster).run(asked),
    );
    const path = '/api/v1/namespaces/prod/secrets/sts-safe.web.1';
    const secret = cluster.objects.get(path) as unknown as Secret;
    const found = decodeArchive(secret);
    if (found.state !== 'valid') throw new Error('no archive');
    const { data } = encodeArchive({ ...found.archive, id: 'another' }, 'prod', 'web');
    cluster.store(path, { ...secret, data });
    await expect(driverOf(cluster, bob).run(asked)).rejects.toThrow(
      /Secret sts-safe.web.1, the archive of the open tune up, is another one now/,
    );
    expect(seconds(cluster)).toBe(5);
  });

  it('is cancelled by its own way back', async () => {
    const cluster = running(3);
    const before = structuredClone(cluster.set()?.spec);
    let seen = 0;
    await killedAt(cluster, { test: (what: string) => what === SET && ++seen === 2 } as unknown as RegExp, 'after', () =>
      driverOf(cluster).run(asked),
    );
    expect(seconds(cluster)).toBe(5);
    const driver = driverOf(cluster, bob);
    expect(await driver.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0, done: ['untune', 'end'] });
    expect(planOf(driver)).toMatchObject({ cancels: 'tune up' });
    expect([cluster.set()?.spec, recordOf(cluster)]).toEqual([before, undefined]);
  });

  it('cancelled, and that killed, is resumed by the same way back', async () => {
    const cluster = running(3);
    const before = structuredClone(cluster.set()?.spec);
    let seen = 0;
    const second = { test: (what: string) => what === SET && ++seen === 2 } as unknown as RegExp;
    await killedAt(cluster, second, 'after', () => driverOf(cluster).run(asked));
    await killedAt(cluster, new RegExp(`^${SET}$`), 'after', () => driverOf(cluster, bob).run({ operation: 'cancel' }));
    expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect([cluster.set()?.spec, recordOf(cluster)]).toEqual([before, undefined]);
  });
});

describe('one more operation on a PVC, without a record', () => {
  const marking = { operation: 'mark', target: CLAIM };
  const unused = (): ModelCluster => {
    const cluster = running(3);
    changeSpec(cluster, { replicas: 2 });
    settle(cluster);
    cluster.log.length = 0;
    return cluster;
  };
  const claimIn = (cluster: ModelCluster): Claim | undefined =>
    cluster.list<Claim>('persistentvolumeclaims').find(({ metadata }) => metadata.name === CLAIM.name);

  it('changes it under a guard of its UID, and writes nothing else', async () => {
    const cluster = unused();
    const driver = driverOf(cluster);
    expect(await driver.run(marking)).toMatchObject({ exitCode: 0, message: 'PVC data-web-2 marked', done: ['mark'] });
    expect(planOf(driver)).toMatchObject({ journal: 'none', target: CLAIM });
    expect(claimIn(cluster)?.metadata.labels).toMatchObject({ 'sts-safe.dev/toy': 'marked' });
    expect(cluster.log.filter((what) => !what.includes('/events'))).toEqual([
      'PATCH /api/v1/namespaces/prod/persistentvolumeclaims/data-web-2',
    ]);
    expect(subjectOf(planOf(driver).target)).toEqual(CLAIM);
  });

  it('killed around its write, is run again to the same end', async () => {
    for (const when of ['before', 'after'] as const) {
      const cluster = unused();
      await killedAt(cluster, /persistentvolumeclaims/, when, () => driverOf(cluster).run(marking));
      expect(await driverOf(cluster, bob).run(marking)).toMatchObject({ exitCode: 0 });
      expect(claimIn(cluster)?.metadata.labels).toMatchObject({ 'sts-safe.dev/toy': 'marked' });
      expect(cluster.list('secrets')).toEqual([]);
    }
  });

  it('is tried by the server, and refused where its precondition does not hold', async () => {
    const tried = driverOf(unused());
    expect(await tried.run({ ...marking, dryRun: 'server' })).toMatchObject({
      exitCode: 0,
      verified: ['patch PersistentVolumeClaim: accepted by the server (dry run)'],
    });
    const cluster = running(3);
    await expect(driverOf(cluster).run(marking)).rejects.toThrow(/web-2/);
    expect(claimIn(cluster)?.metadata.labels ?? {}).not.toHaveProperty('sts-safe.dev/toy');
  });

  it('is nothing that could be cancelled', async () => {
    const cluster = unused();
    await driverOf(cluster).run(marking);
    await expect(driverOf(cluster).run({ operation: 'cancel', target })).rejects.toThrow(/no operation is open/);
  });
});
