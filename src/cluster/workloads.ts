import type { KubeObject, PodSpec, VolumeSource, Workload } from '../domain/kube.ts';
import type { Resource } from './slices/resource.ts';

interface Templated extends KubeObject {
  readonly spec?: {
    readonly template?: { readonly spec?: Pick<PodSpec, 'volumes'> };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: Pick<PodSpec, 'volumes'> } } };
  };
}

/** Everything of Kubernetes that makes Pods from a template, but for StatefulSets. */
export const WORKLOADS: readonly { readonly kind: string; readonly resource: Resource }[] = [
  { kind: 'Deployment', resource: { group: 'apps', version: 'v1', resource: 'deployments', namespaced: true } },
  { kind: 'DaemonSet', resource: { group: 'apps', version: 'v1', resource: 'daemonsets', namespaced: true } },
  { kind: 'ReplicaSet', resource: { group: 'apps', version: 'v1', resource: 'replicasets', namespaced: true } },
  { kind: 'Job', resource: { group: 'batch', version: 'v1', resource: 'jobs', namespaced: true } },
  { kind: 'CronJob', resource: { group: 'batch', version: 'v1', resource: 'cronjobs', namespaced: true } },
];

/** What its template says of PVCs; undefined for one that names none, or whose owner has the same template. */
export function workloadOf(kind: string, raw: KubeObject): Workload | undefined {
  const { name, namespace = '', ownerReferences = [] } = raw.metadata;
  const claims = volumesIn(raw).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  const isOwned = ownerReferences.some(({ controller, kind: owner }) => controller === true && owner === 'Deployment');
  return claims.length === 0 || isOwned ? undefined : { kind, namespace, name, claims };
}

function volumesIn({ spec }: Templated): readonly VolumeSource[] {
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template;
  return template?.spec?.volumes ?? [];
}
