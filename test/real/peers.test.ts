import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import { apply, kubectl, waitFor } from '../../sandbox/test/support/kubectl.ts';
import { describeReal } from '../../sandbox/test/support/real.ts';
import { ownStateRoot } from '../../sandbox/test/support/state.ts';
import type { Peers } from '../../src/peers/peer.ts';
import { coreDnsBinary } from '../support/coredns.ts';
import { documentOf } from '../support/documents.ts';
import { theRightNode } from '../support/installation.ts';
import { followPage } from '../support/page.ts';
import { Etcd } from './etcd.ts';

ownStateRoot();
let sandbox: Sandbox;
let etcd: Etcd;

const domain = 'srv.default.svc.cluster.local';
const labels = { 'k8s-app': 'kube-dns' };

/** CoreDNS in a Pod behind the Service of every cluster's DNS, as kubeadm has it. The binary is the sandbox's own. */
async function deployCoreDns(): Promise<void> {
  const metadata = { name: 'coredns', namespace: 'kube-system' };
  const rbac = 'rbac.authorization.k8s.io/v1';
  const rules = [
    { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  ];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' };
  const Corefile = '.:53 {\n  errors\n  kubernetes cluster.local in-addr.arpa ip6.arpa {\n    ttl 1\n  }\n}\n';
  const container = {
    name: 'coredns',
    image: 'sandbox.local/busybox:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['/opt/coredns', '-conf', '/etc/coredns/Corefile'],
    readinessProbe: { tcpSocket: { port: 53 }, periodSeconds: 1 },
    volumeMounts: [
      { name: 'program', mountPath: '/opt/coredns', readOnly: true },
      { name: 'config', mountPath: '/etc/coredns', readOnly: true },
    ],
  };
  const volumes = [
    { name: 'program', hostPath: { path: await coreDnsBinary(), type: 'File' } },
    { name: 'config', configMap: { name: 'coredns' } },
  ];
  for (const object of [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: 'system:coredns' }, rules },
    {
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef,
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: { serviceAccountName: 'coredns', dnsPolicy: 'Default', containers: [container], volumes },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
      spec: {
        selector: labels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
  ])
    await apply(sandbox, object);
}

/** Three members of etcd that know nothing of each other but the name of a Service. */
async function deployEtcd(): Promise<void> {
  const self = '$(NAME).' + domain;
  const options = [
    '--name=$(NAME)',
    `--discovery-srv=${domain}`,
    `--initial-advertise-peer-urls=http://${self}:2380`,
    `--advertise-client-urls=http://${self}:2379`,
    '--listen-peer-urls=http://0.0.0.0:2380',
    '--listen-client-urls=http://0.0.0.0:2379',
    '--data-dir=/tmp/etcd',
  ];
  // A member that starts while DNS knows only itself would be a cluster of one.
  const all = `until [ "$(nslookup -type=srv _etcd-server._tcp.${domain} | grep -c 2380)" -ge 3 ]; do usleep 200000; done`;
  const container = {
    name: 'etcd',
    image: 'sandbox.local/etcd:3.6.8',
    imagePullPolicy: 'IfNotPresent',
    env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    command: ['sh', '-c', `${all}; exec etcd "$@"`, 'etcd', ...options],
    readinessProbe: { exec: { command: ['etcdctl', 'endpoint', 'health'] }, periodSeconds: 1 },
  };
  await apply(sandbox, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'srv' },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { app: 'srv' },
      ports: [
        { name: 'etcd-server', port: 2380 },
        { name: 'etcd-client', port: 2379 },
      ],
    },
  });
  await apply(sandbox, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'srv' },
    spec: {
      serviceName: 'srv',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: 'srv' } },
      template: { metadata: { labels: { app: 'srv' } }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
    },
  });
}

/** A Pod that sees this machine's files: the plugin runs in it as in any image with a Node, and finds the cluster as Pods do. */
async function deployInside(): Promise<void> {
  const container = {
    name: 'inside',
    image: 'sandbox.local/busybox:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', '3600'],
    volumeMounts: [{ name: 'machine', mountPath: '/machine', readOnly: true }],
  };
  await apply(sandbox, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'inside' },
    spec: { terminationGracePeriodSeconds: 0, containers: [container], volumes: [{ name: 'machine', hostPath: { path: '/' } }] },
  });
  await kubectl(sandbox, 'create', 'rolebinding', 'inside', '--clusterrole=view', '--serviceaccount=default:default');
  await waitFor(sandbox, 'pod/inside', 'condition=Ready', 60);
}

/** The plugin in that Pod: this machine's Node, by this machine's loader and libraries. */
function runInside(...args: string[]): Promise<string> {
  const loader = realpathSync(process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2');
  const libraries = `/machine${dirname(loader)}`;
  const program = realpathSync(join(import.meta.dirname, '..', '..', 'bin', 'kubectl-sts_safe'));
  const node = [`/machine${loader}`, '--library-path', libraries, `/machine${theRightNode()}`, `/machine${program}`];
  return kubectl(sandbox, 'exec', 'inside', '--', ...node, ...args);
}

describeReal('peers of a real etcd that was bootstrapped by SRV records', () => {
  beforeAll(async () => {
    sandbox = await up({ name: 'peers', real: true, nodes: 1, lifetime: 'owned' });
    etcd = new Etcd(sandbox);
    await Promise.all([deployCoreDns(), deployEtcd(), deployInside()]);
    for (const pod of ['srv-0', 'srv-1', 'srv-2']) {
      await waitFor(sandbox, `pod/${pod}`, 'create', 60);
      await waitFor(sandbox, `pod/${pod}`, 'condition=Ready', 90);
    }
    await kubectl(sandbox, 'wait', 'pod/coredns', '-n', 'kube-system', '--for=condition=Ready', '--timeout=60s');
  });
  afterAll(() => sandbox?.down());

  it('agree with what etcd itself found, asked through a port-forward to CoreDNS', async () => {
    const run = await etcd.run('peers', 'srv', '--wait', '--timeout', '30s', '--check', '-o', 'json');
    expect(run.exitCode, run.stderr + run.stdout).toBe(0);
    const { dns, peers } = documentOf<Peers>(run.stdout, 'Peers');
    expect(dns).toEqual({ way: 'port-forward to Pod kube-system/coredns', clusterDomain: 'cluster.local', failed: [] });
    expect(peers.map(({ dns: said }) => said?.srvPorts)).toEqual([0, 1, 2].map(() => [2379, 2380]));
    const members = await kubectl(sandbox, 'exec', 'srv-0', '--', 'etcdctl', 'member', 'list', '-w', 'json');
    const urls = (JSON.parse(members) as { members: { name: string; peerURLs: string[] }[] }).members.map(
      ({ name, peerURLs }) => `${name}=${peerURLs[0]}`,
    );
    const list = await etcd.run('peers', 'srv', '--format', 'etcd');
    expect(list.stdout.trim().split(',').sort()).toEqual(urls.sort());
  });

  it('agree with what is seen from inside of a Pod, with the nslookup of its image', async () => {
    for (const [via, pod] of [
      ['exec', 'srv-0'],
      ['exec:srv-2', 'srv-2'],
    ] as const) {
      const run = await etcd.run('peers', 'srv', '--check', '-o', 'json', '--via', via);
      expect(run.exitCode, run.stderr + run.stdout).toBe(0);
      const { dns, peers } = documentOf<Peers>(run.stdout, 'Peers');
      expect(dns).toEqual({ way: `exec in Pod default/${pod} (nslookup)`, clusterDomain: 'cluster.local', failed: [] });
      expect(peers.map(({ dns: said }) => said?.srvPorts)).toEqual([0, 1, 2].map(() => [2379, 2380]));
    }
  });

  it('agree inside of the cluster, by the resolver that Pods have', async () => {
    const { dns, peers } = documentOf<Peers>(await runInside('peers', 'srv', '--check', '-o', 'json'), 'Peers');
    expect(dns).toEqual({ way: 'the resolver of this machine', clusterDomain: 'cluster.local', failed: [] });
    expect(peers.map(({ dns: said }) => said?.srvPorts)).toEqual([0, 1, 2].map(() => [2379, 2380]));
  });

  it('are asked one by one through the API server', async () => {
    const serving = await etcd.run('peers', 'srv', '--probe', 'http:2379/health', '--check');
    expect([serving.exitCode, serving.stdout]).toEqual([0, expect.stringMatching(/ok \(2xx\)\n.*ok \(2xx\)\n.*ok \(2xx\)\n/)]);
    const open = await etcd.run('peers', 'srv', '--probe', 'tcp:2380', '--check', '-o', 'json');
    expect([open.exitCode, documentOf<Peers>(open.stdout, 'Peers').peers.map(({ probe }) => probe)]).toEqual([
      0,
      [0, 1, 2].map(() => ({ ok: true, answer: 'open' })),
    ]);
    for (const probe of ['tcp:9', 'http:9/', 'http:2379/nothing']) {
      const failing = await etcd.run('peers', 'srv', '--probe', probe, '--check');
      expect([failing.exitCode, failing.stdout], probe).toEqual([
        5,
        expect.stringMatching(/peer-probe-failed(.|\n)*(connection refused|404)/),
      ]);
    }
  });

  it('docs/peers.md does and prints what it says', async () => {
    await followPage('docs/peers.md', 9, (line) => etcd.type(line));
  });

  it('are compared without DNS where port-forward is forbidden, and that is no success', async () => {
    for (const namespace of ['default', 'kube-system'])
      await kubectl(sandbox, 'create', 'rolebinding', 'jane', '--clusterrole=view', '--user=jane', '-n', namespace);
    const { exitCode, stdout } = await etcd.runAs(
      await sandbox.userKubeconfig('jane', []),
      'peers',
      'srv',
      '--check',
      '--via',
      'port-forward',
    );
    expect([exitCode, stdout]).toEqual([5, expect.stringMatching(/dns-not-read(.|\n)*pods "coredns" is forbidden: User "jane"/)]);
  });
});
