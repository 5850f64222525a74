import type { StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { withoutMarks } from './marks.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Metadata that belongs to the old object, not to its manifest. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/**
 * The manifest to create a set from: as archived, without what the server adds and without our marks; and, as
 * every creation by us, Retain/Retain and a partition above every member, so that nothing is destroyed or rolled out
 * before it was looked at (product, section 3).
 * Of a set without members too the partition is at least 1: it is by that that the set is known to be ours.
 * @param replicas members that the set starts with: 0, or the running ones that it adopts
 */
export function manifestToCreate(archived: Raw, replicas: number): Record<string, unknown> {
  const spec = archived['spec'] as Raw;
  const full = replicasOf(archived as unknown as StatefulSet);
  const strategy = spec['updateStrategy'] as { readonly rollingUpdate?: Raw } | undefined;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: cleanMetadata(archived['metadata'] as Raw),
    spec: {
      ...spec,
      replicas,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { ...strategy?.rollingUpdate, partition: Math.max(1, full, replicas) } },
    },
  };
}

/** A Service as archived, ready to be created again: cluster addresses are the server's to give, but `None` is kept. */
export function serviceToCreate(archived: Raw): Record<string, unknown> {
  const { clusterIP, clusterIPs: _addresses, ...spec } = archived['spec'] as Raw;
  const headless = clusterIP === 'None' ? { clusterIP: 'None' } : {};
  return { apiVersion: 'v1', kind: 'Service', metadata: cleanMetadata(archived['metadata'] as Raw), spec: { ...spec, ...headless } };
}

function cleanMetadata(metadata: Raw): Record<string, unknown> {
  return Object.fromEntries(Object.entries(withoutMarks(metadata)).filter(([key]) => !SERVER_METADATA.has(key)));
}
