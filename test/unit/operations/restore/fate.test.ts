import { expect, it } from 'vitest';
import { driverOf } from '../../../support/model/drive.ts';
import { running } from '../../../support/model/running-set.ts';

it('calls only those PVCs attached that a Pod in range uses', async () => {
  const cluster = running(4);
  const driver = driverOf(cluster);
  await driver.run({ operation: 'scale', options: { replicas: 2 } });
  await driver.run({ operation: 'delete' });
  for (const name of ['data-web-1', 'data-web-3']) cluster.objects.delete(`/api/v1/namespaces/prod/persistentvolumeclaims/${name}`);
  await driver.run({ operation: 'restore', dryRun: 'client', allow: ['claim-missing'] });
  const planned = driver.planned.at(-1);
  if (planned?.outcome !== 'plan') throw new Error('no plan');
  const claims = planned.plan.changes.flatMap(({ kind, name, after }) => (kind === 'PersistentVolumeClaim' ? [[name, after]] : []));
  expect(claims).toEqual([
    ['data-web-0', 'attached'],
    ['data-web-1', 'created empty'],
    ['data-web-2', 'retained (unused)'],
    ['data-web-3', 'not created'],
  ]);
});
