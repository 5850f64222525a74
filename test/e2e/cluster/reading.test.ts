import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, inject } from 'vitest';
import { stringify } from 'yaml';
import { serverVersion } from '../../../src/cluster/discovery.ts';
import { apiVerbs } from '../../../src/cluster/writes.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import { sliceOf } from '../../../src/domain/snapshot.ts';
import { tlsOf } from '../../support/api.ts';
import { inSandbox, test } from '../../support/namespace.ts';
import { closeAll, openWith } from './opened.ts';

const { kubeconfig, kubectl, api: server, dir } = inject('cluster');
afterEach(closeAll);

const EVERY = [
  'set',
  'pods',
  'podMetadata',
  'namespacePods',
  'claims',
  'sets',
  'volumes',
  'services',
  'endpointSlices',
  'nodes',
  'clusterNodes',
  'pdbs',
  'hpas',
  'revisions',
  'events',
  'quotas',
  'storageClasses',
  'stored',
] as const;

function claim(name: string): object {
  return {
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Mi' } } },
  };
}

describe('reading', () => {
  test('gives every slice, and the identity of the cluster', async ({ space }) => {
    const { reader, connection } = await openWith({ kubeconfig, namespace: space.namespace });
    const began = Date.now();
    const snapshot = await reader.read([...EVERY, 'scaledObjects'], { namespace: space.namespace, name: 'web' });
    const ended = Date.now();
    const states = Object.fromEntries(Object.entries(snapshot.slices).map(([slice, { state }]) => [slice, state]));
    expect(states).toEqual({ ...Object.fromEntries(EVERY.map((slice) => [slice, 'read'])), set: 'absent', scaledObjects: 'absent' });
    expect(sliceOf(snapshot, 'scaledObjects')).toMatchObject({ why: 'not-served' });
    const uid = execFileSync(kubectl, ['--kubeconfig', kubeconfig, 'get', 'ns', 'kube-system', '-o', 'jsonpath={.metadata.uid}'], {
      encoding: 'utf8',
    });
    expect(snapshot.cluster.identity).toBe(uid);
    // By the server's Date header, which counts seconds; here it is the same machine's clock.
    expect(snapshot.now).toBeGreaterThan(began - 1_000);
    expect(snapshot.now).toBeLessThan(ended + 1_000);
    expect((await serverVersion(connection.transport)).gitVersion).toMatch(/^v1\./);
  });

  test.runIf(inSandbox)('tells what is forbidden from what is not served, for a user without rights', async ({ space }) => {
    const { kubeconfig: restricted } = await space.restricted([{ verbs: ['get', 'list', 'watch'], resources: ['statefulsets.apps'] }]);
    const { reader } = await openWith({ kubeconfig: restricted });
    const target = { namespace: space.namespace, name: 'web' };
    const snapshot = await reader.read(['set', 'pods', 'hpas', 'scaledObjects', 'volumes', 'stored'], target);
    expect(snapshot.slices).toMatchObject({
      set: { state: 'absent', why: 'not-found' },
      pods: { state: 'unknown', why: 'forbidden', message: `cannot list pods in namespace ${space.namespace} (forbidden)` },
      hpas: { state: 'unknown', why: 'forbidden' },
      scaledObjects: { state: 'absent', why: 'not-served' },
      volumes: { state: 'unknown', message: 'cannot list persistentvolumes (forbidden)' },
      stored: { state: 'unknown', why: 'forbidden' },
    });
    expect(snapshot.cluster.identity).toMatch(/^[0-9a-f]{16}\//);
    expect((await reader.read(['set'], target)).cluster.identity).toBe(snapshot.cluster.identity);
    const needs = [
      { verb: 'list', group: 'apps', resource: 'statefulsets', namespace: space.namespace },
      { verb: 'delete', group: '', resource: 'pods', namespace: space.namespace },
    ];
    expect(await reader.denied(needs, () => expect.unreachable())).toEqual([needs[1]]);
    const live = await reader.live(['set', 'pods'], target);
    live.follow();
    expect(live.current().slices).toMatchObject({ set: { state: 'absent' }, pods: { state: 'unknown', why: 'forbidden' } });
    live.close();
  });

  test.runIf(inSandbox)('says unknown where listing is allowed and watching is not', async ({ space }) => {
    const { kubeconfig: restricted } = await space.restricted([
      { verbs: ['get', 'list', 'watch'], resources: ['statefulsets.apps'] },
      { verbs: ['get', 'list'], resources: ['pods'] },
    ]);
    const { reader } = await openWith({ kubeconfig: restricted });
    const live = await reader.live(['set', 'pods'], { namespace: space.namespace, name: 'web' });
    live.follow();
    await expect
      .poll(() => sliceOf(live.current(), 'pods'))
      .toMatchObject({
        state: 'unknown',
        message: `cannot watch pods in namespace ${space.namespace} (forbidden)`,
      });
    expect(sliceOf(await live.fresh(), 'set').state).toBe('absent');
    live.close();
  });

  // A thousand claims are a thousand volumes elsewhere.
  test.runIf(inSandbox)('follows pages, and names near ones', async ({ space }) => {
    const { reader, connection, lines } = await openWith({ kubeconfig, verbosity: 6 });
    const names = [...Array.from({ length: 1_099 }, (_, index) => `data-postgres-${index}`), 'of-nobody'];
    const path = `/api/v1/namespaces/${space.namespace}/persistentvolumeclaims`;
    const worker = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop())
        await connection.transport.request({ method: 'POST', path, body: claim(name) });
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    const reading = await reader.readSlice('claims', { namespace: space.namespace, name: 'web' });
    expect(reading.state === 'read' && new Set(reading.value.map(({ metadata }) => metadata.name)).size).toBe(1_100);
    expect(lines.filter((line) => line.startsWith(`GET ${server}${path}?limit=`)).length).toBeGreaterThan(2);
    await space.api.create(space.sets, {
      metadata: { name: 'postgres' },
      spec: {
        replicas: 0,
        serviceName: 'x',
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: (claim('data') as { readonly spec: object }).spec }],
      },
    });
    expect(await reader.suggestSets({ namespace: space.namespace, name: 'postgre' })).toEqual(['postgres']);
    const { snapshots } = await reader.readMany(['set', 'claims'], { namespace: space.namespace });
    expect(snapshots.map(({ target }) => target.name)).toEqual(['postgres']);
    expect(sliceOf(snapshots[0]!, 'claims')).toMatchObject({ value: { length: 1_099 } });
    expect((await reader.readMany(['pods'], {})).snapshots.some(({ target }) => target.namespace === space.namespace)).toBe(true);
  });

  test('follows changes as they come', async ({ space }) => {
    const { reader, connection } = await openWith({ kubeconfig });
    const target = { namespace: space.namespace, name: 'web' };
    const live = await reader.live(['set', 'claims'], target);
    live.follow();
    const verbs = apiVerbs(connection, { dryRun: false, onWarning: () => undefined });
    const path = `/api/v1/namespaces/${space.namespace}/persistentvolumeclaims`;
    const seen = live.current();
    await space.api.create(path, claim('theirs'));
    await live.changed(AbortSignal.timeout(10_000), seen);
    await verbs.create(path, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim('ours') });
    const known = sliceOf(live.current(), 'claims');
    expect(known.state === 'read' && known.value.map(({ metadata }) => metadata.name).toSorted()).toEqual(['ours', 'theirs']);
    live.close();
  });
});

describe('writing', () => {
  test('is guarded, and every no is told for what it is', async ({ space }) => {
    const { connection } = await openWith({ kubeconfig });
    const warnings: string[] = [];
    const verbs = apiVerbs(connection, { dryRun: false, onWarning: (text) => warnings.push(text) });
    const path = `/api/v1/namespaces/${space.namespace}/configmaps`;
    const created = await verbs.create(path, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { k: 'v' },
      colour: 'red',
    });
    expect(warnings).toEqual(['unknown field "colour"']);
    const { uid, managedFields } = created['metadata'] as { uid: string; managedFields: readonly { manager: string }[] };
    expect(managedFields.map(({ manager }) => manager)).toEqual(['kubectl-sts-safe']);
    const rejected = async (work: Promise<unknown>): Promise<object> => {
      const error = await work.then(
        () => undefined,
        (caught: unknown) => caught as ApiError,
      );
      expect(error).toBeInstanceOf(ApiError);
      return { status: error?.status, reason: error?.reason, sent: error?.sent };
    };
    const test = { op: 'test', path: '/data/k', value: 'other' } as const;
    expect(await rejected(verbs.jsonPatch(`${path}/a`, [test]))).toEqual({ status: 422, reason: 'Invalid', sent: 'rejected' });
    expect(await rejected(verbs.delete(`${path}/a`, { uid: 'other' }))).toEqual({ status: 409, reason: 'Conflict', sent: 'rejected' });
    expect(await rejected(verbs.create(path, { metadata: { name: 'a' } }))).toEqual({
      status: 409,
      reason: 'AlreadyExists',
      sent: 'rejected',
    });
    const dry = apiVerbs(connection, { dryRun: true, onWarning: () => undefined });
    await dry.delete(`${path}/a`, { uid });
    expect(await verbs.get(`${path}/a`)).toMatchObject({ metadata: { uid } });
    await verbs.delete(`${path}/a`, { uid });
    expect(await verbs.get(`${path}/a`)).toBeUndefined();
  });
});

describe('time and credentials', () => {
  test('--request-timeout ends a wait for a server that says nothing', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const { reader } = await openWith({ kubeconfig, server: address, requestTimeout: '500ms' });
    const began = Date.now();
    const reading = await reader.readSlice('pods', { namespace: 'default', name: 'web' });
    expect(reading).toMatchObject({
      state: 'unknown',
      why: 'timeout',
      message: 'cannot list pods in namespace default: no answer within 500ms',
    });
    expect(Date.now() - began).toBeLessThan(3_000);
    mute.close();
  });

  test.runIf(inSandbox)('a plugin whose token has expired is asked once more, and the read succeeds', async ({ space }) => {
    const account = `/api/v1/namespaces/${space.namespace}/serviceaccounts/default/token`;
    const { status } = await space.api.create<{ status: { token: string } }>(account, { spec: {} });
    const login = join(dir, `login-${space.namespace}`);
    const answer = (token: string): string =>
      JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token } });
    writeFileSync(
      login,
      `#!/bin/sh\nif [ -e ${login}.ran ]; then echo '${answer(status.token)}'; else touch ${login}.ran; echo "first time" >&2; echo '${answer('old')}'; fi\n`,
    );
    chmodSync(login, 0o755);
    const file = join(dir, `kubeconfig-${space.namespace}`);
    writeFileSync(
      file,
      stringify({
        'current-context': 'c',
        clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(tlsOf(kubeconfig).ca).toString('base64') } }],
        users: [
          { name: 'u', user: { exec: { command: login, apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'IfAvailable' } } },
        ],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      }),
    );
    const { connection, lines } = await openWith({ kubeconfig: file });
    const { body } = await connection.transport.request({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    });
    expect(body).toMatchObject({ status: { userInfo: { username: `system:serviceaccount:${space.namespace}:default` } } });
    expect(lines).toEqual(['first time']);
  });
});
