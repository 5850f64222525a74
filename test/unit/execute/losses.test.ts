import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/domain/kube.ts';
import type { Planned } from '../../../src/plan/plan.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

/** A plan says of each claim what becomes of it, whatever takes it away, and data is lost only after the name was typed. */

const CLAIMS = '/api/v1/namespaces/prod/persistentvolumeclaims';

function change(cluster: ModelCluster, name: string, metadata: Partial<Claim['metadata']>): void {
  const claim = cluster.objects.get(`${CLAIMS}/${name}`) as unknown as Claim;
  cluster.store(`${CLAIMS}/${name}`, { ...claim, metadata: { ...claim.metadata, ...metadata } });
}

function ownedByItsPod(cluster: ModelCluster, ordinal: number): void {
  const name = `web-${ordinal}`;
  const uid = cluster.list<Claim>('pods').find(({ metadata }) => metadata.name === name)?.metadata.uid ?? '';
  change(cluster, `data-${name}`, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid }] });
}

const deleting = { deletionTimestamp: '2026-06-01T12:00:00Z' };

function said(planned: readonly Planned[]) {
  const last = planned.at(-1);
  if (last?.outcome !== 'plan') throw new Error('no plan');
  return {
    consent: last.plan.consent,
    claims: last.plan.changes.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ after }) => after),
  };
}

describe('a scale-down that was allowed to lose PVCs', () => {
  it.each([
    ['a member owns it', ownedByItsPod, 'claims-deleted-on-scale-down', 'DELETED with the member that owns it'],
    [
      'it is being deleted',
      (cluster: ModelCluster) => change(cluster, 'data-web-2', deleting),
      'claim-not-safe',
      'LOST with its member: it is being deleted already',
    ],
  ])('says so, and asks for the name: %s', async (_, make, id, changes) => {
    const cluster = running(3);
    make(cluster, 2);
    const driver = driverOf(cluster);
    const request = { operation: 'scale', options: { replicas: 1 } } as const;
    expect(await driver.run(request)).toMatchObject({ exitCode: 3, findings: [{ id }] });
    expect(await driver.run({ ...request, allow: [id] })).toMatchObject({ exitCode: 0 });
    expect(said(driver.planned)).toEqual({ consent: { kind: 'typed', name: 'web' }, claims: ['kept', 'kept, parked', changes] });
  });

  it('goes on when it was stopped after the PVC had gone', async () => {
    const cluster = running(3);
    ownedByItsPod(cluster, 2);
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas === 1) driver.stop.abort();
    };
    const request = { operation: 'scale', options: { replicas: 1 }, allow: ['claims-deleted-on-scale-down'] } as const;
    expect(await driver.run(request)).toMatchObject({ outcome: 'stopped' });
    cluster.objects.delete(`${CLAIMS}/data-web-2`);
    expect(await driverOf(cluster).run({ ...request, allow: [] })).toMatchObject({ exitCode: 0 });
  });

  it('asks yes or no where nothing is lost', async () => {
    const driver = driverOf(running(3));
    await driver.run({ operation: 'scale', options: { replicas: 1 } });
    expect(said(driver.planned)).toEqual({ consent: { kind: 'yes-no' }, claims: ['kept', 'kept, parked', 'kept, parked'] });
  });
});

it('a deletion says what is lost although it keeps PVCs', async () => {
  const cluster = running(2);
  change(cluster, 'data-web-1', deleting);
  const driver = driverOf(cluster);
  await driver.run({ operation: 'delete', allow: ['claim-not-safe'] });
  expect(said(driver.planned).claims).toEqual(['kept', 'LOST with its member: it is being deleted already']);
});

describe('the way back from a scale-up that loses PVCs', () => {
  it.each([
    ['whenScaled is Delete', 'claims-deleted-on-scale-down', { whenDeleted: 'Retain', whenScaled: 'Delete' }, {}],
    ['the new PVC is being deleted', 'claim-not-safe', { whenDeleted: 'Retain', whenScaled: 'Retain' }, deleting],
  ])('is as careful as a scale-down: %s', async (_, id, persistentVolumeClaimRetentionPolicy, metadata) => {
    const cluster = running(1, { persistentVolumeClaimRetentionPolicy });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.objects.has(`${CLAIMS}/data-web-1`)) driver.stop.abort();
    };
    await driver.run({ operation: 'scale', options: { replicas: 2 } });
    change(cluster, 'data-web-1', metadata);
    const back = driverOf(cluster);
    expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 3, findings: [{ id }] });
    expect(await back.run({ operation: 'cancel', allow: [id] })).toMatchObject({ exitCode: 0 });
    expect(said(back.planned)).toMatchObject({ consent: { kind: 'typed' }, claims: ['kept', expect.stringMatching(/DELETED|LOST/)] });
  });

  it('must see the PVCs to know', async () => {
    const cluster = running(1, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' } });
    const driver = driverOf(cluster);
    driver.afterRound = () => driver.stop.abort();
    await driver.run({ operation: 'scale', options: { replicas: 2 } });
    const back = driverOf(cluster);
    back.blind = ['claims'];
    expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 3, findings: [{ id: 'evidence-unknown' }] });
  });
});
