import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, up } from '../index.ts';
import { apply, get, kubectl, waitFor } from './support/kubectl.ts';
import { pod, set } from './support/objects.ts';
import { ownStateRoot } from './support/state.ts';

ownStateRoot();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await up({ name: 'access', nodes: 1, lifetime: 'owned' });
});
afterAll(() => sandbox?.down());

interface AuditEvent {
  user: { username: string };
  verb: string;
  objectRef?: { resource: string; name?: string; subresource?: string };
}

const auditEvents = (): AuditEvent[] =>
  readFileSync(sandbox.auditLog, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditEvent);

describe('users', () => {
  it('have only the rights that they were given', async () => {
    const kubeconfig = await sandbox.userKubeconfig('jane', ['team:a']);
    const jane = { kubectl: sandbox.kubectl, kubeconfig };
    expect(await kubectl(jane, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username} {.status.userInfo.groups}')).toContain(
      'jane ["team:a"',
    );
    await expect(kubectl(jane, 'get', 'pods')).rejects.toThrow('cannot list resource "pods"');
    await kubectl(sandbox, 'create', 'rolebinding', 'team-a', '--clusterrole=view', '--group=team:a');
    expect(await kubectl(jane, 'get', 'pods')).toBe('');
    await expect(kubectl(jane, 'delete', 'pod', 'web-0')).rejects.toThrow('cannot');
  });
});

describe('the audit log', () => {
  it('tells who wrote what', async () => {
    await apply(sandbox, ...set('web', { replicas: 1, claims: true }));
    await waitFor(sandbox, 'statefulset/web', 'jsonpath={.status.readyReplicas}=1');
    const writers = (resource: string, verb: string, subresource?: string) => [
      ...new Set(
        auditEvents()
          .filter(({ objectRef, ...it }) => objectRef?.resource === resource && objectRef.subresource === subresource && it.verb === verb)
          .map((it) => it.user.username),
      ),
    ];
    expect(writers('statefulsets', 'create')).toEqual(['admin']);
    expect(writers('pods', 'create')).toEqual(['system:serviceaccount:kube-system:statefulset-controller']);
    expect(writers('pods', 'create', 'binding')).toEqual(['system:kube-scheduler']);
    expect(writers('pods', 'patch', 'status')).toContain('system:node:node-0');
    expect(writers('persistentvolumes', 'create')).toEqual(['system:sandbox:provisioner']);
  });
});

describe('the way from the API server to a Pod', () => {
  it('is refused until a listener is registered for it', async () => {
    await apply(sandbox, pod('web'));
    await waitFor(sandbox, 'pod/web', 'condition=Ready');
    const { status } = await get<{ status: { podIP: string } }>(sandbox, 'pod/web');
    const path = '/api/v1/namespaces/default/pods/web:8080/proxy/hello';
    await expect(kubectl(sandbox, 'get', '--raw', path)).rejects.toThrow('is not reachable in the sandbox');
    const server = createServer((request, response) => response.end(`here ${request.url}`));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    await sandbox.route(status.podIP, 8080, (server.address() as AddressInfo).port);
    expect(await kubectl(sandbox, 'get', '--raw', path)).toBe('here /hello');
    await sandbox.route(status.podIP, 8080);
    await expect(kubectl(sandbox, 'get', '--raw', path)).rejects.toThrow();
    server.closeAllConnections();
    server.close();
  });

  it('leads kubectl exec to a process on this machine', async () => {
    await apply(sandbox, pod('shell'));
    await waitFor(sandbox, 'pod/shell', 'condition=Ready');
    expect(await kubectl(sandbox, 'exec', 'shell', '--', 'sh', '-c', 'echo sandbox=$SANDBOX')).toBe('sandbox=1\n');
  });
});

describe('custom resources', () => {
  it('work', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.test' },
      spec: {
        group: 'example.test',
        names: { kind: 'Thing', plural: 'things' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await apply(sandbox, definition);
    await waitFor(sandbox, 'crd/things.example.test', 'condition=Established');
    await apply(sandbox, { apiVersion: 'example.test/v1', kind: 'Thing', metadata: { name: 'one' } });
    expect(await kubectl(sandbox, 'get', 'things', '-o', 'name')).toBe('thing.example.test/one\n');
  });
});
