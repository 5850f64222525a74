interface PodWish {
  image?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  node?: string;
  graceSeconds?: number;
}

const podSpec = ({ image = 'app:1', node, graceSeconds = 30 }: PodWish) => ({
  terminationGracePeriodSeconds: graceSeconds,
  ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }),
  containers: [{ name: 'app', image }],
});

export const pod = (name: string, wish: PodWish = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: wish.labels ?? {}, annotations: wish.annotations ?? {} },
  spec: podSpec(wish),
});

interface SetWish extends PodWish {
  replicas?: number;
  parallel?: boolean;
  storageClass?: string;
  claims?: boolean;
}

/** A StatefulSet with its headless Service; with `claims` every Pod has a volume. */
export const set = (name: string, wish: SetWish = {}): object[] => [
  { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] } },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      replicas: wish.replicas ?? 3,
      podManagementPolicy: wish.parallel ? 'Parallel' : 'OrderedReady',
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...wish.labels }, annotations: wish.annotations ?? {} }, spec: podSpec(wish) },
      ...(wish.claims ? { volumeClaimTemplates: [claim('data', wish.storageClass)] } : {}),
    },
  },
];

export const claim = (name: string, storageClass?: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
  },
});
