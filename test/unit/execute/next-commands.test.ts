import { describe, expect, it } from 'vitest';
import { ApiError, CannotError } from '../../../src/domain/errors.ts';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import { denial, lost } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { changeSpec, running } from '../../support/model/running-set.ts';

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const at = '-n prod --context model';

/** A scale-down during which this happens once, after its second round. */
function meddled(act: (driver: Driver) => void): Driver {
  const driver = driverOf(running(4));
  let rounds = 0;
  driver.afterRound = () => {
    rounds += 1;
    if (rounds === 2) act(driver);
  };
  return driver;
}

const webhook = { kind: 'webhook', name: 'gate.example.com', verdict: 'unreachable', message: 'connection refused' } as const;
const silence = new ApiError({
  message: 'failed calling webhook',
  status: 500,
  reason: 'InternalError',
  sent: 'rejected',
  request: 'model',
  admission: webhook,
});
const replicasOf = (object: unknown): unknown => (object as StatefulSet | undefined)?.spec?.replicas;

const down = { operation: 'scale', options: { replicas: 1 } } as const;

describe('the commands at an ending', () => {
  it('are cancel alone after another client set the replicas: to resume would be refused', async () => {
    const result = await meddled(({ cluster }) => changeSpec(cluster, { replicas: 6 })).run(down);
    expect(result).toMatchObject({ exitCode: 4, cancelCommand: `kubectl sts-safe cancel web ${at}` });
    expect(result.resumeCommand).toBeUndefined();
  });

  it.each([
    ['a policy does not admit what would resume', denial('never two'), undefined],
    ['a webhook does not answer, which may pass', silence, `kubectl sts-safe scale web --replicas 1 ${at}`],
  ])('where %s', async (_, error, resumeCommand) => {
    const driver = driverOf(running(4));
    driver.cluster.admit = ({ before, after }) => {
      if (replicasOf(before) === 3 && replicasOf(after) === 2) throw error;
    };
    const result = await driver.run(down);
    expect(result).toMatchObject({ exitCode: 4, cancelCommand: `kubectl sts-safe cancel web ${at}` });
    expect(result.resumeCommand).toBe(resumeCommand);
  });

  it('are none while the set is being deleted by another client, nor where the record was taken off', async () => {
    const deleted = await meddled(({ cluster }) => {
      const set = cluster.set() as StatefulSet;
      const metadata = { ...set.metadata, deletionTimestamp: new Date(cluster.now).toISOString() };
      cluster.store(SET, { ...set, metadata });
    }).run(down);
    const unrecorded = await meddled(({ cluster }) => {
      const set = cluster.set() as StatefulSet;
      cluster.store(SET, { ...set, metadata: { ...set.metadata, annotations: {} } });
    }).run(down);
    for (const { exitCode, resumeCommand, cancelCommand } of [deleted, unrecorded]) {
      expect([exitCode, resumeCommand, cancelCommand]).toEqual([4, undefined, undefined]);
    }
  });

  it('are those that are known where nothing can be read: how it ended does not hang on them', async () => {
    const driver = meddled((one) => {
      changeSpec(one.cluster, { replicas: 6 });
      one.away = new CannotError('cannot reach the API server', undefined, lost());
    });
    const resume = `kubectl sts-safe scale web --replicas 1 ${at}`;
    expect(await driver.run(down)).toMatchObject({
      exitCode: 4,
      resumeCommand: resume,
      cancelCommand: `kubectl sts-safe cancel web ${at}`,
    });
  });

  it('are those that are known for a user who may not read all', async () => {
    const driver = meddled((one) => {
      changeSpec(one.cluster, { replicas: 6 });
      one.blind = ['stored'];
    });
    expect(await driver.run(down)).toMatchObject({ exitCode: 4, cancelCommand: `kubectl sts-safe cancel web ${at}` });
  });
});

describe('a refusal', () => {
  it('for an open operation names only what would be accepted, and takes a silent holder over by a flag', async () => {
    const driver = meddled(({ cluster }) => changeSpec(cluster, { replicas: 6 }));
    await driver.run(down);
    const other = driverOf(driver.cluster, { user: 'bob', host: 'there', pid: 2 });
    const { findings } = await other.run({ operation: 'delete', dryRun: 'client' });
    expect(findings.flatMap(({ remedies }) => remedies)).toMatchObject([{ do: 'operation', operation: 'cancel' }]);
  });
});
