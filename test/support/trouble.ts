import { memberName } from '../../src/domain/naming.ts';
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
