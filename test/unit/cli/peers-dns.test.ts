import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Via } from '../../../src/cli/peers-request.ts';
import type { Cluster } from '../../../src/cli/session.ts';
import { ClusterDns } from '../../../src/cli/show/peers-dns.ts';
import type { WebSocketRequest } from '../../../src/cluster/websocket.ts';
import type { EndpointSlice } from '../../../src/domain/kube.ts';
import { apiError, JumpingClock } from '../cluster/fakes.ts';
import { address, serviceName, snapshotOf, world } from '../peers/world.ts';

/** What getent prints in a Pod of a cluster whose DNS knows the API server and the three Pods. */
function getent(command: readonly string[]): string {
  const questions = command.slice(4);
  const lines = ['sts-safe tool getent'];
  for (let at = 0; at < questions.length; at += 2) {
    const [type, name = ''] = questions.slice(at, at + 2);
    const [, ordinal] = /^web-(\d)\./.exec(name) ?? [];
    const found = name.startsWith('kubernetes.') ? '10.96.0.1' : ordinal === undefined ? undefined : address(Number(ordinal));
    lines.push(`sts-safe answer ${type} ${name}`, ...(type === 'A' && found !== undefined ? [`${found} STREAM ${name}`] : []));
  }
  return lines.join('\n');
}

/** The API server: which Pods take commands, and why the others do not; nobody takes a port-forward. */
function clusterWith(pods: Readonly<Record<string, 'answers' | 'has no shell' | 'forbidden'>>): { cluster: Cluster; opened: string[] } {
  const opened: string[] = [];
  const open = async ({ path, query }: WebSocketRequest): Promise<unknown> => {
    const [, pod = '', subresource] = /pods\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    opened.push(`${subresource} ${pod}`);
    if (subresource === 'portforward' || pods[pod] === 'forbidden')
      throw apiError({ status: 403, reason: 'Forbidden', message: `pods "${pod}" is forbidden` });
    const socket = new EventEmitter();
    const status =
      pods[pod] === 'answers' ? { status: 'Success' } : { status: 'Failure', reason: 'InternalError', message: 'exec: "sh": not found' };
    const frame = (channel: number, text: string) => Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
    return Object.assign(socket, {
      terminate: () => {},
      resume: () =>
        queueMicrotask(() => {
          if (pods[pod] === 'answers') socket.emit('message', frame(1, getent(query['command'] as readonly string[])));
          socket.emit('message', frame(3, JSON.stringify(status)));
          socket.emit('close');
        }),
    });
  };
  const dnsSlice: EndpointSlice = {
    metadata: { name: 'kube-dns-x', uid: 'd', resourceVersion: '1', labels: {} },
    addressType: 'IPv4',
    endpoints: ['coredns-a', 'coredns-b', 'coredns-c', 'coredns-d'].map((name) => ({
      addresses: ['10.0.0.1'],
      targetRef: { kind: 'Pod', name },
    })),
    ports: [{ name: 'dns-tcp', port: 53, protocol: 'TCP' }],
  };
  const request = async ({ path }: { readonly path: string }) => {
    if (path.includes('endpointslices')) return await Promise.resolve({ status: 200, body: { metadata: {}, items: [dnsSlice] } });
    throw apiError({ status: 404, message: 'not found' });
  };
  const connection = { sockets: { open }, clock: new JumpingClock(), transport: { request } };
  return { cluster: { connection } as unknown as Cluster, opened };
}

async function look(via: Via, cluster: Cluster) {
  const here = world();
  const dns = new ClusterDns({ via }, cluster, {});
  return await dns.look(snapshotOf(here), here.set);
}

describe('the ways to DNS', () => {
  it('are tried in order, and those that do not work are said', async () => {
    const { cluster, opened } = clusterWith({ 'web-0': 'forbidden', 'web-1': 'has no shell', 'web-2': 'answers' });
    const { reading, failed } = await look({ way: 'exec' }, cluster);
    expect(reading).toMatchObject({
      state: 'read',
      way: 'exec in Pod prod/web-2 (getent)',
      domain: { name: 'cluster.local', served: true },
    });
    expect(failed).toEqual(['exec in Pod prod/web-0: pods "web-0" is forbidden', 'exec in Pod prod/web-1: exec: "sh": not found']);
    expect([...new Set(opened)]).toEqual(['exec web-0', 'exec web-1', 'exec web-2']);
    if (reading.state === 'read') expect(reading.lookedUp.hosts.get(`web-1.${serviceName}`)?.addresses).toEqual([address(1)]);
  });

  it('are all said where none works; a command is run in no Pod that was not meant', async () => {
    const { cluster, opened } = clusterWith({ 'web-0': 'answers' });
    const { reading, failed } = await look({ way: 'auto' }, cluster);
    expect(failed).toEqual(
      ['coredns-a', 'coredns-b', 'coredns-c'].map((pod) => `port-forward to Pod kube-system/${pod}: forbidden: pods "${pod}" is forbidden`),
    );
    expect(reading).toEqual({ state: 'unknown', message: failed.join('; ') });
    expect(opened).toEqual(['coredns-a', 'coredns-b', 'coredns-c'].map((pod) => `portforward ${pod}`));
  });

  it('lead into the Pod that was named alone', async () => {
    const { cluster, opened } = clusterWith({ 'web-1': 'has no shell', 'web-0': 'answers' });
    expect(await look({ way: 'exec', pod: 'web-1' }, cluster)).toMatchObject({ reading: { state: 'unknown' } });
    expect(new Set(opened)).toEqual(new Set(['exec web-1']));
    expect(await look({ way: 'exec', pod: 'wbe-1' }, cluster)).toMatchObject({ failed: ['exec: there is no Pod wbe-1 in namespace prod'] });
  });
});
