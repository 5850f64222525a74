import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

/** What an operation can do without, by its row of the consent table. */

describe('horizontal pod autoscalers that cannot be read', () => {
  it.each([
    [1, { exitCode: 3, findings: [{ id: 'evidence-unknown', severity: 'blocks' }] }],
    [4, { exitCode: 0 }],
  ])('with 3 members, scale to %i', async (replicas, result) => {
    const driver = driverOf(running(3));
    driver.blind = ['hpas'];
    expect(await driver.run({ operation: 'scale', options: { replicas } })).toMatchObject(result);
    if (replicas === 4) expect(driver.planned).toMatchObject([{ plan: { findings: [{ id: 'evidence-unknown', severity: 'warns' }] } }]);
  });
});

describe('Secrets that cannot be read', () => {
  const stoppedDelete = async (mayNot: (resource: string) => boolean) => {
    const cluster = running(3, {}, { stopRounds: 3 });
    const driver = driverOf(cluster);
    driver.denied = (needs) => needs.filter(({ resource }) => mayNot(resource));
    driver.blind = mayNot('secrets') ? ['stored'] : [];
    driver.afterRound = () => {
      if ((cluster.set()?.spec.replicas ?? 3) < 3) driver.stop.abort();
    };
    expect(await driver.run({ operation: 'delete', saveTo: 'web.json' })).toMatchObject({
      outcome: 'stopped',
      cancelCommand: expect.stringContaining('cancel'),
    });
    const back = driverOf(cluster, { user: 'bob', host: 'there', pid: 2 });
    back.blind = ['stored'];
    return { cluster, back };
  };

  it('are not needed by the way back from a deletion that used none', async () => {
    const { cluster, back } = await stoppedDelete((resource) => resource === 'secrets');
    expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.replicas).toBe(3);
    expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
  });

  it('are needed by the way back from one that did', async () => {
    const { back } = await stoppedDelete(() => false);
    expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 3, findings: [{ id: 'evidence-unknown' }] });
  });
});

describe('Secrets that cannot be written', () => {
  it.each([
    ['scale', { replicas: 2 }, ['auth can-i']],
    ['delete', {}, ['delete', 'auth can-i']],
  ] as const)('are told with what helps %s', async (operation, options, commands) => {
    const driver = driverOf(running(3));
    driver.denied = (needs) => needs.filter(({ resource, verb }) => resource === 'secrets' && verb === 'create');
    const { findings } = await driver.run({ operation, options });
    expect(
      findings[0]?.remedies.map((remedy) => (remedy.do === 'operation' ? remedy.operation : remedy.args.slice(0, 2).join(' '))),
    ).toEqual(commands);
  });
});

describe('permissions that the server does not answer about', () => {
  it('count as given, and the plan says so', async () => {
    const driver = driverOf(running(3));
    driver.unasked = ['cannot tell whether you may patch statefulsets.apps: etcd'];
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    expect(driver.planned).toMatchObject([
      {
        plan: {
          findings: [
            { id: 'evidence-unknown', severity: 'warns', message: expect.stringContaining('you may patch statefulsets.apps: etcd') },
          ],
        },
      },
    ]);
  });
});

describe('the README', () => {
  it('shows a refusal as it is printed', async () => {
    const driver = driverOf(running(3, {}, { broken: [0] }));
    const { message } = await driver.run({ operation: 'scale', options: { replicas: 2 } });
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toMatch(new RegExp(`^ {4}${message.replace('web', 'mongo')} `, 'm'));
  });
});
