import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, describe, expect, inject } from 'vitest';
import type { EndpointSlice, Pod } from '../../src/domain/kube.ts';
import type { Peers } from '../../src/peers/peer.ts';
import { CoreDns } from '../support/coredns.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
import { assertNoClaimLost, census } from '../support/invariants.ts';
import { serviceManifest, setManifest } from '../support/manifests.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';

const running: CoreDns[] = [];
afterAll(() => Promise.all(running.map((dns) => dns.stop())));

/** A real CoreDNS on this cluster; Pods of KWOK have made-up addresses, so it stands beside the cluster. */
async function coreDns(options?: Parameters<typeof CoreDns.start>[2]): Promise<CoreDns> {
  const { kubeconfig, dir } = inject('cluster');
  const dns = await CoreDns.start(kubeconfig, dir, options);
  running.push(dns);
  return dns;
}

async function peersOf(
  space: Space,
  ...args: readonly string[]
): Promise<Peers & { readonly warned: readonly string[]; readonly exitCode: number | null }> {
  const { stdout, exitCode } = await space.run('peers', 'web', '-o', 'json', ...args);
  const peers = documentOf<Peers>(stdout, 'Peers');
  const warned = peers.findings.filter(({ severity }) => severity === 'warns').map(({ id }) => id);
  return { ...peers, exitCode, warned: [...new Set(warned)] };
}

const uidOf = (pods: readonly Pod[], name: string) => pods.find(({ metadata }) => metadata.name === name)?.metadata.uid;
const slices = (space: Space) => `/apis/discovery.k8s.io/v1/namespaces/${space.namespace}/endpointslices`;
const patchService = (space: Space, spec: object) => space.api.patch(space.path('services', 'web'), { spec });

/** Addresses of servers that treat every connection like this, until the tests end. */
async function servers(...treat: readonly ((socket: Socket) => void)[]): Promise<readonly string[]> {
  return await Promise.all(
    treat.map(async (onConnection) => {
      const server = createServer((socket) => onConnection(socket.on('error', () => {})));
      server.listen(0, '127.0.0.1').unref();
      await once(server, 'listening');
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    }),
  );
}

describe.concurrent('peers', () => {
  test.skipIf(!inSandbox)('compares the StatefulSet, its EndpointSlices and DNS, and tells who leaves', async ({ space }) => {
    const [dns, corp] = await Promise.all([coreDns(), coreDns({ domain: 'corp.example' }), space.applySet()]);
    const at = ['--dns-server', dns.server];
    const found = await peersOf(space, ...at, '--wait', '--timeout', '1m', '--check');
    expect([found.exitCode, found.warned, found.agrees]).toEqual([0, [], true]);
    const pods = await space.pods();
    const addresses = new Map(pods.map(({ metadata, status }) => [metadata.uid, status.podIP]));
    expect(found.peers.map(({ name, host, addresses: [one], pod }) => [name, host, one === addresses.get(pod?.uid ?? '')])).toEqual(
      [0, 1, 2].map((ordinal) => [`web-${ordinal}`, `web-${ordinal}.web.${space.namespace}.svc.cluster.local`, true]),
    );
    expect(found.peers.map(({ dns: said }) => said)).toEqual(
      found.peers.map(({ addresses: all }) => ({ srvPorts: [5432], addresses: all })),
    );
    const list = await space.run('peers', 'web', ...at, '--format', '{host}:{port}', '--join', ',', '--ordinals', '0,2');
    expect(list.stdout).toBe(`${[0, 2].map((ordinal) => `web-${ordinal}.web.${space.namespace}.svc.cluster.local:5432`).join(',')}\n`);
    expect((await space.run('peers', 'web', ...at)).stdout).toMatch(
      /^1 +web-1\.web +db:5432 +198\.1[89]\.\S+ +yes +ready +SRV, A +Ready$/m,
    );
    // The domain that DNS serves is found by the reverse name of the API server.
    expect(await peersOf(space, '--dns-server', corp.server)).toMatchObject({ agrees: true, dns: { clusterDomain: 'corp.example' } });
    expect((await peersOf(space, '--dns-server', corp.server, '--cluster-domain', 'cluster.local', '--check')).warned).toEqual([
      'cluster-domain-wrong',
    ]);

    const watch = space.start(['peers', 'web', ...at, '-w']);
    await watch.sees(/web-2\.web/);
    await space.breakPod('web-1');
    await watch.sees(/^\d\d:\d\d:\d\d {2}web-1 left$/m);
    expect(await peersOf(space, ...at, '--check')).toMatchObject({ exitCode: 5, warned: ['unready-peers-hidden'] });
    expect((await space.run('peers', 'web', ...at, '--ready-only', '--format', '{name}', '--join', ' ')).stdout).toBe('web-0 web-2\n');
    await patchService(space, { publishNotReadyAddresses: true });
    await watch.sees(/web-1 joined \(198\.1[89]\.\S+\)$/m);
    expect(await peersOf(space, ...at, '--check')).toMatchObject({ exitCode: 5, warned: ['unready-peers-listed'] });
    watch.kill('SIGINT');
    expect((await watch.ended).exitCode).toBe(130);
  });

  test.skipIf(!inSandbox)('names what is wrong with the Service', async ({ space }) => {
    const [dns] = await Promise.all([coreDns(), space.applySet({ replicas: 1, podLabels: { tier: 'db' } })]);
    const at = ['--dns-server', dns.server, '--check'];
    await patchService(space, { selector: { app: 'wbe' } });
    expect((await peersOf(space, ...at)).warned).toContain('service-selector-mismatch');
    await patchService(space, { selector: { app: null, tier: 'db' } });
    await space.createSet({ name: 'other', replicas: 1, podLabels: { tier: 'db' } });
    await space.untilReady('other-0');
    const listed = (all: ReadonlyMap<string, EndpointSlice>) =>
      [...all.values()].some(
        ({ metadata, endpoints }) =>
          metadata.labels?.['kubernetes.io/service-name'] === 'web' && endpoints?.some(({ targetRef }) => targetRef?.name === 'other-0'),
      );
    await space.api.until<EndpointSlice, true>(slices(space), listed, 'the other Pod is listed');
    expect((await peersOf(space, ...at)).warned).toEqual(expect.arrayContaining(['service-selects-others', 'endpoint-foreign']));
    await space.api.patch(space.path('services', 'web'), { spec: { selector: null, ports: null } });
    expect((await peersOf(space, ...at)).warned).toEqual(expect.arrayContaining(['service-without-selector', 'service-without-ports']));
    await space.api.delete(space.path('services', 'web'));
    const none = await peersOf(space, ...at);
    expect([none.exitCode, none.warned.includes('service-missing')]).toEqual([5, true]);
    await space.api.create(space.path('services'), {
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 5432 }] },
    });
    const virtual = await peersOf(space, ...at);
    expect([virtual.exitCode, virtual.warned.includes('service-not-headless')]).toEqual([5, true]);
    // A server that speaks something else, and one that never says anything: bounded, and told apart.
    const wrong = await servers(
      (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      () => {},
    );
    const refused = await Promise.all(wrong.map((server) => space.run('peers', 'web', '--check', '--dns-server', server)));
    expect(refused.map(({ exitCode }) => exitCode)).toEqual([5, 5]);
    expect(refused.map(({ stdout }) => /dns-not-read(?:.|\n)*\(TCP\): (.*)/.exec(stdout)?.[1])).toEqual([
      expect.stringMatching(/no DNS message|closed before every question was answered|has at least 12|no answer within 5s/),
      'no answer within 5s',
    ]);
    // A user of the namespace alone may not ask DNS: what is known is shown, and what is not is no success.
    const rights = [{ verbs: ['get', 'list'], resources: ['pods', 'services', 'statefulsets.apps', 'endpointslices.discovery.k8s.io'] }];
    const { kubeconfig } = await space.restricted(rights);
    const blind = await space.runWith({ kubeconfig }, 'peers', 'web', '--check');
    expect([blind.exitCode, blind.stdout]).toEqual([5, expect.stringMatching(/dns-not-read(.|\n)*forbidden/)]);
    const noExec = await space.runWith({ kubeconfig }, 'peers', 'web', '--check', '--via', 'exec');
    expect([noExec.exitCode, noExec.stdout]).toEqual([
      5,
      expect.stringMatching(/exec in Pod \S+\/web-0: pods "web-0" is forbidden(.|\n)*pods\/exec/),
    ]);
    const noPod = await space.run('peers', 'web', '--check', '--via', 'exec:wbe-0');
    expect([noPod.exitCode, noPod.stdout]).toEqual([5, expect.stringContaining(`there is no Pod wbe-0 in namespace ${space.namespace}`)]);
    const nowhere = await space.run('peers', 'wbe', ...at);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([1, expect.stringContaining('did you mean web?')]);
  });

  test.skipIf(!inSandbox)('tells a cached answer from what is so, and goes on while DNS is away', async ({ space }) => {
    const [dns] = await Promise.all([coreDns({ ttl: 3600, plugins: ['cache 3600'] }), space.applySet({ replicas: 2 })]);
    const at = ['--dns-server', dns.server];
    await peersOf(space, ...at, '--wait', '--timeout', '1m');
    const watch = space.start(['peers', 'web', ...at, '-w']);
    await watch.sees(/web-1\.web/);
    await space.breakPod('web-1');
    await watch.sees(/web-1 left$/m);
    expect((await peersOf(space, ...at, '--check')).warned).toEqual(['unready-peers-hidden', 'dns-record-stale']);
    await space.labelPod('web-1', { 'sandbox/fault': null });
    await watch.sees(/web-1 joined \(198\.1[89]\.\S+\)$/m);
    await dns.kill();
    await watch.sees(/DNS does not answer: DNS server 127\.0\.0\.1, port \d+ \(TCP\): /);
    await dns.restart();
    await watch.sees(/DNS answers again/);
    expectEnd(await space.run('peers', 'web', ...at, '--check'), 0);
  });

  test.skipIf(!inSandbox)('explains what is wrong with names, families and endpoints', async ({ space }) => {
    const dns = await coreDns();
    const at = ['--dns-server', dns.server, '--check'];
    // A Pod that was made by hand has no hostname; the StatefulSet adopts it.
    const wish = { name: 'old', replicas: 2, claims: [], strategy: { type: 'OnDelete' }, podSpec: { hostnameOverride: 'db.example' } };
    const { metadata, spec } = setManifest(wish).spec.template;
    await space.api.create(space.path('pods'), { metadata: { ...metadata, name: 'old-0' }, spec });
    await space.applySet(wish);
    const old = documentOf<Peers>((await space.run('peers', 'old', '-o', 'json', ...at)).stdout, 'Peers');
    expect(old.findings.filter(({ subject }) => subject.name.startsWith('old-')).map(({ id, subject }) => [id, subject.name])).toEqual(
      expect.arrayContaining([
        ['peer-hostname-missing', 'old-0'],
        ['peer-hostname-overridden', 'old-1'],
        ['dns-record-missing', 'old-0'],
      ]),
    );

    // A Service that nobody but this test writes endpoints for, of both address families.
    await space.createSet({ replicas: 3, podLabels: { tier: 'db' } });
    const service = serviceManifest('web');
    await space.api.delete(space.path('services', 'web'));
    await space.api.create(space.path('services'), {
      ...service,
      spec: { clusterIP: 'None', ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'], ports: [{ port: 5432 }] },
    });
    await space.ready();
    const pods = await space.pods();
    const sixth = (ordinal: number): string => `fd00:10::${ordinal + 1}`;
    const podIPs = (ordinal: number): string => pods.find(({ metadata: { name } }) => name === `web-${ordinal}`)?.status.podIP ?? '';
    const endpointsOf = (addressOf: (ordinal: number) => string, ordinals: readonly number[]) =>
      ordinals.map((ordinal) => ({
        addresses: [addressOf(ordinal)],
        hostname: `web-${ordinal}`,
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: 'Pod', name: `web-${ordinal}`, namespace: space.namespace, uid: uidOf(pods, `web-${ordinal}`) },
      }));
    for (const [addressType, endpoints] of [
      ['IPv4', endpointsOf(podIPs, [0, 1, 2])],
      ['IPv6', endpointsOf(sixth, [0, 1])],
    ] as const)
      await space.api.create(slices(space), {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: `web-${addressType.toLowerCase()}`, labels: { 'kubernetes.io/service-name': 'web' } },
        addressType,
        endpoints,
        ports: [{ name: '', port: 5432 }],
      });
    for (const ordinal of [0, 1])
      await space.api.patch(`${space.path('pods', `web-${ordinal}`)}/status`, {
        status: { podIPs: [{ ip: podIPs(ordinal) }, { ip: sixth(ordinal) }] },
      });
    const dual = await peersOf(space, ...at, '--wait', '--timeout', '1m');
    expect(dual.peers.map(({ addresses }) => addresses)).toEqual([[podIPs(0), sixth(0)], [podIPs(1), sixth(1)], [podIPs(2)]]);
    expect(dual.peers.map(({ dns: said, agrees }) => [said?.srvPorts, agrees])).toEqual(Array(3).fill([[5432], true]));
    expect([dual.warned, dual.findings.filter(({ id }) => id === 'peer-family-missing').map(({ subject }) => subject.name)]).toEqual([
      ['service-without-selector', 'peer-family-missing'],
      ['web-2'],
    ]);
    expect(dual.findings.map(({ id }) => id)).toContain('service-port-unnamed');
    const dualText = await space.run('peers', 'web', ...at);
    expect(dualText.stdout).toMatch(/^0 +web-0\.web +5432 +\S+,fd00:10::1 +yes +ready +SRV, A, AAAA +Ready$/m);
    // Its Pod is told to end, and the slices do not follow; another slice has a second web-1.
    await space.holdPod('web-2');
    await space.api.delete(space.path('pods', 'web-2'));
    await space.api.create(slices(space), {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['198.19.255.1'], hostname: 'web-1' }],
      ports: [{ name: '', port: 5432 }],
    });
    expect((await peersOf(space, ...at)).warned).toEqual(expect.arrayContaining(['lost-peer-listed', 'endpoint-duplicate']));
    await space.freePod('web-2');
    await space.untilReady('web-2');
    for (const name of ['by-hand', 'web-ipv4', 'web-ipv6']) await space.api.delete(`${slices(space)}/${name}`);
    // A label that the Service selects by, and the StatefulSet does not, is gone from one Pod.
    await patchService(space, { selector: { tier: 'db' }, ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] });
    await space.labelPod('web-0', { tier: null });
    const unlisted = (all: ReadonlyMap<string, EndpointSlice>) =>
      [...all.values()].some(
        ({ metadata: { labels }, endpoints = [] }) =>
          labels?.['kubernetes.io/service-name'] === 'web' &&
          endpoints.length === 2 &&
          endpoints.every(({ hostname }) => hostname !== 'web-0'),
      );
    await space.api.until<EndpointSlice, true>(slices(space), unlisted, 'web-0 is not listed');
    expect((await peersOf(space, ...at)).warned).toContain('endpoint-missing');
  });

  test.skipIf(!inSandbox)('is a gate: a rollout and a scale wait until DNS names the Pod, and no Pod that has left', async ({ space }) => {
    const [dns] = await Promise.all([coreDns({ ttl: 3600, plugins: ['cache 3600'] }), space.applySet({ replicas: 1 })]);
    const at = ['--dns-server', dns.server];
    const gate = [...at, '--gate', 'srv', '--yes'];
    const before = await census(space);
    const { kubeconfig } = await space.restricted();
    const refused = await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas', '2', ...gate);
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('list endpointslices.discovery.k8s.io')]);
    await space.expectNoWrites();
    await dns.kill();
    const updated = space.start(['rollout', 'start', 'web', '--image', 'db=app:2', '--gate-timeout', '2m', ...gate]);
    await updated.sees(/DNS could not be asked: DNS server 127\.0\.0\.1, port \d+ \(TCP\): .*; asking again/);
    await dns.restart();
    expectEnd(await updated.ended, 0);
    // DNS answers from its cache until it is started again.
    const added = space.start(['scale', 'web', '--replicas', '2', '--gate-timeout', '2m', ...gate]);
    await added.sees(/(?:no SRV record at web\.\S+ names web-1|DNS has no address for web-1\..*); asking again/);
    await dns.kill();
    await dns.restart();
    expectEnd(await added.ended, 0);
    const named = (await peersOf(space, ...at, '--check')).peers.map(({ name, dns: said }) => [name, said?.addresses.length]);
    expect(named).toEqual([0, 1].map((ordinal) => [`web-${ordinal}`, 1]));
    const shrink = ['scale', 'web', '--replicas', '1', '--gate-timeout', '3s', ...gate];
    const removed = await space.run(...shrink);
    expect([removed.exitCode, removed.stderr]).toEqual([
      4,
      expect.stringMatching(
        /gate srv did not pass for Pod web-0: web-1 is beyond the replica count, and DNS still answers 198\.1[89]\.\S+ for web-1\.web\./,
      ),
    ]);
    await dns.kill();
    await dns.restart();
    expectEnd(await space.run(...shrink), 0);
    await assertNoClaimLost(space, before);
  });

  test.skipIf(!inSandbox)('reads three hundred', async ({ space }) => {
    const [dns] = await Promise.all([coreDns(), space.createSet({ replicas: 300, podAnnotations: { 'sandbox/ready-delay': '10m' } })]);
    await space.api.patch(space.path('services', 'web'), { spec: { selector: null } });
    const endpoints = Array.from({ length: 300 }, (_, ordinal) => ({
      addresses: [`198.19.${Math.floor(ordinal / 200)}.${1 + (ordinal % 200)}`],
      hostname: `web-${ordinal}`,
      conditions: { ready: true },
    }));
    // So many ports that one DNS message does not hold all records: each port's own are whole.
    const ports = [5432, 7000, 7001, 7002].map((port) => ({ name: `p-${port}`, port }));
    await patchService(space, { ports });
    for (const part of [0, 1, 2])
      await space.api.create(slices(space), {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: `by-hand-${part}`, labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints: endpoints.slice(part * 100, part * 100 + 100),
        ports,
      });
    const { peers, warned } = await peersOf(space, '--dns-server', dns.server, '--wait', '--for', '299', '--timeout', '1m');
    // The first Pod is there and not Ready, which an EndpointSlice from before says.
    const others = peers.filter(({ ordinal = 0 }) => ordinal > 0);
    expect(others.map(({ addresses, dns: said }) => [addresses, said])).toEqual(
      endpoints.slice(1).map(({ addresses }) => [addresses, { srvPorts: [5432, 7000, 7001, 7002], addresses }]),
    );
    expect(warned).toEqual(expect.arrayContaining(['service-without-selector', 'endpoint-stale', 'srv-answer-truncated']));
    const some = ['peers', 'web', '--dns-server', dns.server, '--ordinals', '7-8'];
    const printed = await Promise.all([
      space.run(...some, '-o', 'name'),
      space.run(...some, '-o', 'yaml'),
      space.run(...some, '-o', 'wide', '--no-headers'),
      space.run(...some, '--port', 'p-7001', '--format', '{name}:{port}', '--join', ' '),
    ]);
    const host = `web-8.web.${space.namespace}.svc.cluster.local`;
    expect(printed.map(({ stdout }) => stdout)).toEqual([
      'pod/web-7\npod/web-8\n',
      expect.stringMatching(`kind: Peers\n(.|\n)*host: ${host}\n`),
      expect.stringMatching(new RegExp(`^8 +${host} .*web-8$`, 'm')),
      'web-7:7001 web-8:7001\n',
    ]);
  });
});
