import { memberName } from '../src/domain/naming.ts';
import type { Api } from '../test/support/api.ts';

/** What is in a cluster, and in a set's namespace, beside the set. */
export interface Crowd {
  readonly nodes: number;
  readonly imagesPerNode: number;
  readonly pods: number;
  readonly events: number;
}

const PARALLEL = 24;

/** Fills a cluster. With its controllers stopped: nodes that no kubelet keeps alive would be lost, and Pods of no owner collected. */
export async function fill(api: Api, namespace: string, { nodes, imagesPerNode, pods, events }: Crowd): Promise<void> {
  await times(nodes, (n) => api.create('/api/v1/nodes', node(n, imagesPerNode)));
  await times(pods, (n) => api.create(`/api/v1/namespaces/${namespace}/pods`, pod(n, nodes)));
  await times(events, (n) => api.create(`/api/v1/namespaces/${namespace}/events`, event(n, namespace, pods)));
}

async function times(count: number, create: (n: number) => Promise<unknown>): Promise<void> {
  const rest = Array.from({ length: count }).keys();
  const worker = async (): Promise<void> => {
    for (const n of rest) await create(n);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const nodeName = (n: number): string => `crowd-${n}`;

/** As kubelets report it: 50 images is their limit (nodeStatusMaxImages), and each has a name by digest and one by tag. */
function node(n: number, imagesPerNode: number): object {
  const hex = (of: number): string => of.toString(16).padStart(64, '0');
  const images = Array.from({ length: imagesPerNode }, (_, image) => ({
    names: [
      `registry.example.com/team-${image % 9}/service-${image}@sha256:${hex(n * 100 + image)}`,
      `registry.example.com/team-${image % 9}/service-${image}:v1.${image}.0`,
    ],
    sizeBytes: 100_000_000 + image,
  }));
  const condition = (type: string, status: string) => ({ type, status, reason: 'KubeletSays', message: 'as it should be', ...TIMES });
  const amounts = { cpu: '32', memory: '131072000Ki', pods: '110', 'ephemeral-storage': '203056560Ki' };
  return {
    metadata: {
      name: nodeName(n),
      labels: {
        'kubernetes.io/hostname': nodeName(n),
        'topology.kubernetes.io/zone': `zone-${n % 3}`,
        'node.kubernetes.io/instance-type': 'large',
      },
    },
    status: {
      capacity: amounts,
      allocatable: amounts,
      images,
      conditions: [
        condition('MemoryPressure', 'False'),
        condition('DiskPressure', 'False'),
        condition('PIDPressure', 'False'),
        condition('Ready', 'True'),
      ],
    },
  };
}

const TIMES = { lastHeartbeatTime: '2026-01-01T00:00:00Z', lastTransitionTime: '2026-01-01T00:00:00Z' };

/** A Pod of a Deployment, as most are. */
function pod(n: number, nodes: number): object {
  const app = `app-${Math.floor(n / 10)}`;
  return {
    metadata: {
      name: podName(n),
      labels: { app, 'pod-template-hash': '5d4f8c9b7', 'app.kubernetes.io/name': app, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        'prometheus.io/scrape': 'true',
        'checksum/config': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${app}-5d4f8c9b7`,
          uid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: nodeName(n % nodes),
      containers: ['main', 'proxy'].map((name) => ({
        name,
        image: `registry.example.com/${app}/${name}:v1`,
        env: Array.from({ length: 10 }, (_, index) => ({ name: `SETTING_${index}`, value: `https://${app}.example.com/${index}` })),
        ports: [{ name: `${name}-http`, containerPort: name === 'main' ? 8080 : 9090 }],
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: `${name}-http` } },
        livenessProbe: { httpGet: { path: '/live', port: `${name}-http` } },
      })),
    },
  };
}

const podName = (n: number): string => memberName(`app-${Math.floor(n / 10)}-5d4f8c9b7`, n);

function event(n: number, namespace: string, pods: number): object {
  const name = podName(n % pods);
  return {
    metadata: { name: `${name}.${n.toString(16)}` },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, fieldPath: 'spec.containers{main}' },
    reason: 'Unhealthy',
    message: `Readiness probe failed: Get "http://10.0.0.1:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    type: 'Warning',
    source: { component: 'kubelet', host: nodeName(n) },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: new Date().toISOString(),
    count: 1 + (n % 7),
  };
}
