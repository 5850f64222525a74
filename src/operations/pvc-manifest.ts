import type { Claim, Json } from '../domain/kube.ts';

/** Annotations that binding and provisioning write: they belong to the binding, not to the PVC. */
const OF_BINDING = /^(pv\.kubernetes\.io\/|volume(\.beta)?\.kubernetes\.io\/|sts-safe\.dev\/)/;

/**
 * The PVC as it can be created again: bound to its volume by name, without owners (the set or Pod of before may be gone, and the
 * garbage collector would take it), finalizers, and what its volume was once filled from.
 */
export function manifestOf({ metadata, spec }: Claim): Readonly<Record<string, Json>> {
  const { name, namespace = '', labels, annotations = {} } = metadata;
  // Marks of ours are about the PVC that was.
  const own = Object.entries(labels ?? {}).filter(([key]) => !key.startsWith('sts-safe.dev/'));
  const kept = Object.entries(annotations).filter(([key]) => !OF_BINDING.test(key));
  const { dataSource: _from, dataSourceRef: _fromRef, ...wanted } = spec;
  const manifest = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      ...(own.length === 0 ? {} : { labels: Object.fromEntries(own) }),
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    },
    spec: wanted,
  };
  return JSON.parse(JSON.stringify(manifest)) as Readonly<Record<string, Json>>;
}
