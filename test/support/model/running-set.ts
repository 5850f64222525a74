import type { StatefulSet } from '../../../src/domain/kube.ts';
import { ModelCluster, type ModelOptions } from './cluster.ts';
import { round } from './controller.ts';

/** The set of every model test. */
export const target = { namespace: 'prod', name: 'web' };

/** A model cluster in which a set `web` of so many members has come to rest. */
export function running(replicas: number, spec: Record<string, unknown> = {}, options: Partial<ModelOptions> = {}): ModelCluster {
  const cluster = new ModelCluster({ target, ...options });
  cluster.create('/api/v1/namespaces/prod/serviceaccounts', { metadata: { name: 'default' } });
  cluster.create('/apis/apps/v1/namespaces/prod/statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'prod' },
    spec: {
      replicas,
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...spec,
    },
  });
  settle(cluster, replicas);
  return cluster;
}

/** Somebody changes the set's spec, and the server counts it. */
export function changeSpec(cluster: ModelCluster, spec: Partial<StatefulSet['spec']>): void {
  const set = cluster.set() as StatefulSet;
  const metadata = { ...set.metadata, generation: (set.metadata.generation ?? 0) + 1 };
  cluster.store('/apis/apps/v1/namespaces/prod/statefulsets/web', { ...set, metadata, spec: { ...set.spec, ...spec } });
}

/** Lets the world come to rest, or go on for so many rounds. */
export function settle(cluster: ModelCluster, members = 6, rounds = members * 5 + 10): void {
  for (let index = 0; index < rounds; index++) round(cluster);
}
