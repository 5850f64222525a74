import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, up } from '../../../sandbox/index.ts';
import { apiVerbs } from '../../../src/cluster/writes.ts';
import type { ApiError } from '../../../src/domain/errors.ts';
import { sliceOf } from '../../../src/domain/snapshot.ts';
import { inSandbox } from '../../support/namespace.ts';
import { closeAll, openWith } from './opened.ts';

const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims';
const claim = (name: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Mi' } } },
});

/** A control plane of its own, since others would miss it. */
describe.runIf(inSandbox)('an API server that goes away and comes back', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await up({ name: `restart-${process.pid}`, nodes: 1, lifetime: 'owned' });
  });
  afterAll(async () => {
    closeAll();
    await sandbox.down();
  });

  it('is followed on as if nothing had been', async () => {
    const { reader, connection } = await openWith({ kubeconfig: sandbox.kubeconfig });
    const target = { namespace: 'default', name: 'web' };
    const live = await reader.live(['set', 'pods', 'claims'], target);
    live.follow();
    const verbs = apiVerbs(connection, { dryRun: false, onWarning: () => undefined });
    const names = (): readonly string[] => {
      const known = sliceOf(live.current(), 'claims');
      return known.state === 'read' ? known.value.map(({ metadata }) => metadata.name).toSorted() : [known.state];
    };
    await verbs.create(CLAIMS, claim('before'));
    await expect.poll(names).toEqual(['before']);

    const server = sandbox.component('kube-apiserver');
    await server.kill();
    await expect(live.fresh()).rejects.toMatchObject({ name: 'ApiError' });
    await expect(verbs.create(CLAIMS, claim('meanwhile'))).rejects.toMatchObject({ sent: 'not-sent' });
    expect(names()).toEqual(['before']);
    await server.start();

    await expect
      .poll(
        () =>
          live.fresh().then(
            () => 'fresh',
            () => 'away',
          ),
        { timeout: 20_000 },
      )
      .toBe('fresh');
    await (await openWith({ kubeconfig: sandbox.kubeconfig })).connection.transport.request({
      method: 'POST',
      path: CLAIMS,
      body: claim('after'),
    });
    await expect.poll(names, { timeout: 10_000 }).toEqual(['after', 'before']);
    live.close();
  });

  it('is noticed when it hangs, and a quiet one is not taken for dead', async () => {
    const { reader } = await openWith({ kubeconfig: sandbox.kubeconfig, requestTimeout: '1s' });
    const live = await reader.live(['set', 'claims'], { namespace: 'default', name: 'web' });
    live.follow();
    const server = sandbox.component('kube-apiserver');
    await server.stop();
    // What was on its way when the signal came is still answered.
    const reason = () =>
      live.fresh().then(
        () => 'none',
        (error: ApiError) => error.reason,
      );
    await expect.poll(reason, { timeout: 20_000 }).toBe('ETIMEDOUT');
    await server.cont();
    await expect
      .poll(
        () =>
          live.fresh().then(
            () => 'fresh',
            () => 'away',
          ),
        { timeout: 20_000 },
      )
      .toBe('fresh');
    live.close();
  });
});
