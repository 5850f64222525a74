import { expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/cluster/api.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import { keptVolumes } from '../../../src/inspect/kept-volumes.ts';
import { claimOf, NAMESPACE, setOf, snapshotOf, volumeOf } from '../../support/objects.ts';
import { FakeTransport } from '../cluster/fakes.ts';

const web = setOf();
const mark = {
  policy: 'Delete',
  namespace: NAMESPACE,
  name: 'data-web-5',
  uid: 'u',
  manifest: {},
  by: 'ann@laptop',
  at: '2026-06-01T11:00:00Z',
};
const kept = (ordinal: number, annotation: string, phase: string, uid?: string) => {
  const volume = volumeOf(claimOf(web, ordinal), { phase });
  const claimRef = { ...volume.spec.claimRef, ...(uid === undefined ? {} : { uid }) };
  return {
    ...volume,
    spec: { ...volume.spec, claimRef },
    metadata: { ...volume.metadata, annotations: { [annotation]: JSON.stringify(mark) } },
  };
};
const sets = () => Promise.resolve([snapshotOf({ set: web })]);
const scope = { namespace: NAMESPACE, flags: [] };

it('lists what is retired and protected, each with the commands that end it', async () => {
  const retired = [kept(5, 'sts-safe.dev/retired', 'Available', 'u'), kept(5, 'sts-safe.dev/retired', 'Bound', 'another')];
  const guarded = [kept(0, 'sts-safe.dev/protected', 'Bound'), kept(1, 'sts-safe.dev/protected', 'Bound')];
  const answer = ({ query }: ApiRequest) => ({
    metadata: {},
    items: query?.['labelSelector'] === 'sts-safe.dev/retired' ? retired : guarded,
  });
  const { items } = await keptVolumes(scope, sets, new FakeTransport(answer));
  const restore = 'kubectl sts-safe pvc restore data-web-5 --pv pv-data-web-5 -n prod';
  const common = { namespace: NAMESPACE, startedBy: 'ann@laptop', since: '2026-06-01T11:00:00Z' };
  expect(items).toEqual([
    {
      ...common,
      pvc: 'data-web-5',
      what: 'retired-pvc',
      volume: 'pv-data-web-5',
      resumeCommand: restore,
      cancelCommand: 'kubectl sts-safe pvc purge data-web-5 --pv pv-data-web-5 -n prod',
    },
    // Bound again: what is left is to restore its policy, and nothing of it may be deleted.
    { ...common, pvc: 'data-web-5', what: 'retired-pvc', volume: 'pv-data-web-5', resumeCommand: restore },
    { ...common, set: 'web', what: 'protected-volumes', cancelCommand: 'kubectl sts-safe pvc unprotect web -n prod' },
  ]);
});

it('says that it does not know where PersistentVolumes may not be listed', async () => {
  const refuse = (): never => {
    throw new ApiError({ message: 'cannot list persistentvolumes', status: 403, reason: 'Forbidden', sent: 'rejected', request: 'GET' });
  };
  expect(await keptVolumes(scope, sets, new FakeTransport(refuse))).toEqual({ items: [], unseen: 'cannot list persistentvolumes' });
});
