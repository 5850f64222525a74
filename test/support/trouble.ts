import type { ContainerStatus } from '../../src/domain/kube.ts';
import { memberName } from '../../src/domain/naming.ts';
import { ApiStatus } from './api.ts';
import type { SetWish } from './manifests.ts';
import { setManifest } from './manifests.ts';
import type { World } from './world.ts';

/** What goes wrong around a set, as it comes about in life. */

/** An HPA that keeps the set between two numbers. */
export function autoscale(world: World, { name = 'web', min = 1, max = 5 } = {}) {
  return world.api.create(`/apis/autoscaling/v2/namespaces/${world.namespace}/horizontalpodautoscalers`, {
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    },
  });
}

export function budget(world: World, spec: { readonly minAvailable?: number; readonly maxUnavailable?: number }, name = 'web') {
  return world.api.create(`/apis/policy/v1/namespaces/${world.namespace}/poddisruptionbudgets`, {
    metadata: { name },
    spec: { ...spec, selector: { matchLabels: { app: name } } },
  });
}

/** A ConfigMap `boss`, and the patch that makes it the controller of something. */
export async function ownConfigMap(world: World) {
  const { metadata } = await world.api.create(world.path('configmaps'), { metadata: { name: 'boss' } });
  return { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'boss', uid: metadata.uid, controller: true }] } };
}

/** Changes the template; resolves when the controller has begun. */
export async function rollOut(world: World, wish: SetWish, name = 'web'): Promise<void> {
  const before = await world.set(name);
  const { template } = setManifest({ ...world.runnable(wish), name }).spec;
  await world.patchSet({ spec: { template } }, name);
  const set = await world.untilSet(({ status }) => status.updateRevision !== before.status.updateRevision, 'it has a new revision', name);
  const highest = memberName(name, (set.spec.replicas ?? 1) - 1);
  const revision = set.status.updateRevision;
  await world.untilPod(highest, ({ metadata }) => metadata.labels?.['controller-revision-hash'] === revision, 'is of the new revision');
}

/** KEDA's definitions, as far as a ScaledObject goes. */
export const scaledObjectDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'scaledobjects.keda.sh' },
  spec: {
    group: 'keda.sh',
    names: { kind: 'ScaledObject', plural: 'scaledobjects', singular: 'scaledobject', listKind: 'ScaledObjectList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';

/** What admission looks at: updates of sets in this namespace alone. */
const setsOf = ({ namespace }: World) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], resources: ['statefulsets'], operations: ['UPDATE'] }],
});

/** A ValidatingAdmissionPolicy on this namespace's sets, at work when this resolves. It is of the whole cluster: remove it. */
export async function admitOnly(world: World, expression: string, message: string, denied: object): Promise<Admitted> {
  const { namespaceSelector, rules } = setsOf(world);
  const name = `policy-${world.namespace}`;
  const [policies, bindings] = [`${REGISTRATION}/validatingadmissionpolicies`, `${REGISTRATION}/validatingadmissionpolicybindings`];
  const matchConstraints = { namespaceSelector, resourceRules: rules };
  await world.api.create(policies, { metadata: { name }, spec: { matchConstraints, validations: [{ expression, message }] } });
  await world.api.create(bindings, { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } });
  await untilRejected(world, denied);
  return removable(world, name, [`${bindings}/${name}`, `${policies}/${name}`]);
}

/** A webhook that must be asked about this namespace's sets, and where nobody listens. It is of the whole cluster: remove it. */
export async function deadWebhook(world: World): Promise<Admitted> {
  const name = `${world.namespace}.example.com`;
  const path = `${REGISTRATION}/validatingwebhookconfigurations`;
  const webhook = {
    ...setsOf(world),
    name,
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    clientConfig: { url: 'https://127.0.0.1:9/' },
  };
  await world.api.create(path, { metadata: { name }, webhooks: [webhook] });
  await untilRejected(world, { metadata: { labels: { tried: 'yes' } } });
  return removable(world, name, [`${path}/${name}`]);
}

/** Something of the whole cluster that rejects writes. */
export interface Admitted {
  readonly name: string;
  /** Resolves when it is gone, which the API server may notice a moment later; may be called again. */
  readonly remove: () => Promise<void>;
}

function removable({ api }: World, name: string, paths: readonly string[]): Admitted {
  let removed: Promise<unknown> | undefined;
  const remove = async (): Promise<void> => {
    removed ??= Promise.all(paths.map((path) => api.delete(path)));
    await removed;
  };
  return { name, remove };
}

/** The API server has taken it up; nothing tells of that, so it is asked. */
async function untilRejected(world: World, change: object): Promise<void> {
  while (await isAdmitted(world, change));
}

/** The API server has dropped it again. */
export async function untilAdmitted(world: World, change: object): Promise<void> {
  while (!(await isAdmitted(world, change)));
}

async function isAdmitted(world: World, change: object): Promise<boolean> {
  try {
    await world.api.patch(`${world.sets}/web?dryRun=All`, change);
    return true;
  } catch (error) {
    if (error instanceof ApiStatus) return false;
    throw error;
  }
}

/**
 * Until a crashing container has just begun one of its long back-offs: between two of them it runs for a moment, and whoever looks
 * then sees nothing that is wrong.
 */
export async function untilBackedOff(space: World, pod: string): Promise<void> {
  const isLong = ({ restartCount, state }: ContainerStatus): boolean => restartCount >= 4 && state?.waiting?.reason === 'CrashLoopBackOff';
  await space.untilPod(pod, ({ status }) => status.containerStatuses?.some(isLong) === true, 'backs off for ten seconds');
}
