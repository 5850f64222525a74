import { memberName } from '../src/domain/naming.ts';
import { type Api, ApiStatus } from '../test/support/api.ts';
import { serviceManifest, setManifest } from '../test/support/manifests.ts';

const MEMBERS = 3;
const SETS_PER_NAMESPACE = 20;
const PARALLEL = 24;
const NODES = 100;

/** One set in so many has a Pod that crashes. */
const BROKEN_EVERY = 100;

/**
 * Many sets of three Pods, twenty to a namespace, one in a hundred with a Pod that crashes. With the controllers stopped: nobody
 * runs these Pods, and what kubelets and controllers say of them is written here.
 */
export class Fleet {
  readonly #api: Api;
  #size = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Creates what is missing to so many sets. */
  async growTo(size: number): Promise<void> {
    const numbers = Array.from({ length: size - this.#size }, (_, n) => this.#size + n);
    const namespaces = new Set(numbers.map(namespaceOf));
    await pooled([...namespaces], async (name) => {
      await createAnew(this.#api, '/api/v1/namespaces', { metadata: { name } });
      await createAnew(this.#api, `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
    });
    await pooled(numbers, (n) => this.#create(n));
    this.#size = size;
  }

  async #create(n: number): Promise<void> {
    const [namespace, name] = [namespaceOf(n), `db-${n}`];
    const sets = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
    const manifest = setManifest({ name, replicas: MEMBERS });
    const { metadata } = await this.#api.create(sets, manifest);
    await this.#service(namespace, name);
    const revision = `${name}-5d4f8c9b7`;
    const isBroken = n % BROKEN_EVERY === BROKEN_EVERY - 1;
    const ready = isBroken ? MEMBERS - 1 : MEMBERS;
    await this.#api.patch(`${sets}/${name}/status`, { status: setStatus(revision, ready) });
    for (const ordinal of Array.from({ length: MEMBERS }).keys()) {
      const crashes = isBroken && ordinal === MEMBERS - 1;
      const pod = podOf(memberName(name, ordinal), { name, uid: metadata.uid ?? '', revision, node: (n + ordinal) % NODES });
      const path = `/api/v1/namespaces/${namespace}/pods`;
      await this.#api.create(path, pod);
      await this.#api.patch(`${path}/${pod.metadata.name}/status`, { status: podStatus(crashes) });
      await this.#claim(namespace, `data-${pod.metadata.name}`, name);
    }
  }

  /** With the slice that its controller would make. */
  async #service(namespace: string, name: string): Promise<void> {
    await this.#api.create(`/api/v1/namespaces/${namespace}/services`, serviceManifest(name));
    const endpoints = Array.from({ length: MEMBERS }, (_, ordinal) => ({
      addresses: [`10.1.0.${ordinal + 1}`],
      conditions: { ready: true, serving: true, terminating: false },
      hostname: memberName(name, ordinal),
      targetRef: { kind: 'Pod', namespace, name: memberName(name, ordinal) },
    }));
    await this.#api.create(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
      metadata: { name: `${name}-abcde`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'db', port: 5432, protocol: 'TCP' }],
      endpoints,
    });
  }

  async #claim(namespace: string, name: string, app: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    const [amount, accessModes] = [{ storage: '1Gi' }, ['ReadWriteOnce']];
    const spec = { accessModes, resources: { requests: amount }, volumeName: `pv-${name}`, storageClassName: 'standard' };
    await this.#api.create(path, { metadata: { name, labels: { app } }, spec });
    await this.#api.patch(`${path}/${name}/status`, { status: { phase: 'Bound', accessModes, capacity: amount } });
  }
}

const namespaceOf = (n: number): string => `fleet-${Math.floor(n / SETS_PER_NAMESPACE)}`;

/** The namespace that the last size filled in part is there. */
async function createAnew(api: Api, path: string, body: object): Promise<void> {
  try {
    await api.create(path, body);
  } catch (error) {
    if (!(error instanceof ApiStatus && error.code === 409)) throw error;
  }
}

async function pooled<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const setStatus = (revision: string, ready: number) => ({
  observedGeneration: 1,
  replicas: MEMBERS,
  readyReplicas: ready,
  availableReplicas: ready,
  currentReplicas: MEMBERS,
  updatedReplicas: MEMBERS,
  currentRevision: revision,
  updateRevision: revision,
});

interface Owner {
  readonly name: string;
  readonly uid: string;
  readonly revision: string;
  readonly node: number;
}

/** As an ordinary one is: two containers with settings, probes and limits. */
function podOf(pod: string, { name, uid, revision, node }: Owner) {
  return {
    metadata: {
      name: pod,
      labels: { app: name, 'controller-revision-hash': revision, 'statefulset.kubernetes.io/pod-name': pod },
      annotations: { 'prometheus.io/scrape': 'true' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      nodeName: `fleet-node-${node}`,
      hostname: pod,
      subdomain: name,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `data-${pod}` } }],
      containers: ['db', 'proxy'].map((container) => ({
        name: container,
        image: `registry.example.com/${name}/${container}:v1`,
        env: Array.from({ length: 10 }, (_, index) => ({ name: `SETTING_${index}`, value: `https://${name}.example.com/${index}` })),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
        livenessProbe: { httpGet: { path: '/live', port: 8080 } },
        volumeMounts: container === 'db' ? [{ name: 'data', mountPath: '/var/lib/data' }] : [],
      })),
    },
  };
}

const SINCE = '2026-01-01T00:00:00Z';

function podStatus(crashes: boolean): object {
  const condition = (type: string, status: boolean) => ({ type, status: status ? 'True' : 'False', lastTransitionTime: SINCE });
  const running = { running: { startedAt: SINCE } };
  const container = (name: string, fails: boolean) => ({
    name,
    image: `registry.example.com/${name}:v1`,
    imageID: `registry.example.com/${name}@sha256:${'a'.repeat(64)}`,
    containerID: `containerd://${'b'.repeat(64)}`,
    ready: !fails,
    started: !fails,
    restartCount: fails ? 12 : 0,
    state: fails ? { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } } : running,
    lastState: fails ? { terminated: { exitCode: 1, reason: 'Error', startedAt: SINCE, finishedAt: SINCE } } : {},
  });
  return {
    phase: 'Running',
    hostIP: '10.0.0.1',
    podIP: '10.1.0.1',
    podIPs: [{ ip: '10.1.0.1' }],
    startTime: SINCE,
    conditions: [
      condition('PodReadyToStartContainers', true),
      condition('Initialized', true),
      condition('Ready', !crashes),
      condition('ContainersReady', !crashes),
      condition('PodScheduled', true),
    ],
    containerStatuses: [container('db', crashes), container('proxy', false)],
  };
}
