/** What a test wants of a StatefulSet; everything else is plain and healthy. */
export interface SetWish {
  readonly name?: string;
  readonly replicas?: number;
  readonly policy?: 'OrderedReady' | 'Parallel';
  /** Names of claim templates; default one, `data`. */
  readonly claims?: readonly string[];
  readonly storageClass?: string;
  readonly retention?: { readonly whenDeleted?: 'Retain' | 'Delete'; readonly whenScaled?: 'Retain' | 'Delete' };
  /** First ordinal. */
  readonly start?: number;
  readonly image?: string;
  readonly minReadySeconds?: number;
  readonly graceSeconds?: number;
  readonly strategy?: object;
  /** Of the set. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
  /** Of the Pods: `sandbox/stop-delay`, `sandbox/ready-peers`… */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly podFinalizers?: readonly string[];
  /** Anything else of the Pod's spec. */
  readonly podSpec?: object;
  /** Anything else of the set's spec. */
  readonly spec?: object;
}

export const claimManifest = (name: string, storageClass?: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
  },
});

export const serviceManifest = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: { app: name } },
  spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'db', port: 5432 }] },
});

/** A StatefulSet `web` of three, each with a claim, governed by a headless Service of its name. */
export function setManifest(wish: SetWish = {}) {
  const { name = 'web', claims = ['data'] } = wish;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      name,
      labels: { app: name, ...wish.labels },
      ...said({ annotations: wish.annotations, ownerReferences: wish.ownerReferences }),
    },
    spec: {
      serviceName: name,
      replicas: wish.replicas ?? 3,
      podManagementPolicy: wish.policy ?? 'OrderedReady',
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, wish),
      volumeClaimTemplates: claims.map((claim) => claimManifest(claim, wish.storageClass)),
      ...said({
        persistentVolumeClaimRetentionPolicy: wish.retention,
        ordinals: wish.start === undefined ? undefined : { start: wish.start },
        minReadySeconds: wish.minReadySeconds,
        updateStrategy: wish.strategy,
      }),
      ...wish.spec,
    },
  };
}

function podTemplate(name: string, wish: SetWish) {
  const { claims = ['data'] } = wish;
  return {
    metadata: {
      labels: { app: name, ...wish.podLabels },
      annotations: { ...wish.podAnnotations },
      ...said({ finalizers: wish.podFinalizers }),
    },
    spec: {
      terminationGracePeriodSeconds: wish.graceSeconds ?? 30,
      containers: [
        {
          name: 'db',
          image: wish.image ?? 'app:1',
          // What Go writes otherwise in JSON than JavaScript, as shell commands have it.
          env: [{ name: 'ON_START', value: 'test -w . && sort <in >out' }],
          volumeMounts: claims.map((claim) => ({ name: claim, mountPath: `/var/lib/${claim}` })),
        },
      ],
      ...wish.podSpec,
    },
  };
}

/** Only what was said: a field that is undefined is no field. */
function said(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
