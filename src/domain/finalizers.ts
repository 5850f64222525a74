import type { Json, KubeObject, ObjectMeta } from './kube.ts';

/**
 * Finalizers that Kubernetes removes by itself: the garbage collector's, and the one that keeps a PVC while a Pod uses it.
 * What waits for those waits for the cluster.
 */
const OF_KUBERNETES: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes.io/pvc-protection']);

type Finalized = Pick<KubeObject, 'metadata'>;

/** Finalizers that somebody else must remove before a deleted object is gone. */
export function foreignFinalizers({ metadata: { finalizers = [] } }: Finalized): readonly string[] {
  return finalizers.filter((finalizer) => !OF_KUBERNETES.has(finalizer));
}

/**
 * Whether an object is deleted but for such finalizers: no grace period is left (the API server sets it to 0 for what has no
 * containers, the kubelet for a Pod whose containers have ended), and Kubernetes has removed its own finalizers.
 */
export function isHeldByFinalizers(object: Finalized): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = object.metadata;
  const isOver = deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0;
  return isOver && finalizers.length > 0 && foreignFinalizers(object).length === finalizers.length;
}

/** `finalizer example.com/hold (likely owner: example.com; set by kubectl-patch) is removed`, all of them. */
export function finalizersRemoved(object: Finalized): string {
  const finalizers = foreignFinalizers(object);
  const each = finalizers.map((finalizer) => {
    const owner = likelyOwner(finalizer, object.metadata);
    return owner === undefined ? finalizer : `${finalizer} (${owner})`;
  });
  return finalizers.length === 1 ? `finalizer ${each.join()} is removed` : `finalizers ${each.join(', ')} are removed`;
}

/** By its domain, which is its owner's, and the field manager that wrote it. */
function likelyOwner(finalizer: string, { managedFields = [] }: ObjectMeta): string | undefined {
  const domain = finalizer.includes('/') ? finalizer.slice(0, finalizer.indexOf('/')) : undefined;
  const writer = managedFields.find(({ fieldsV1 }) => finalizerFields(fieldsV1)?.[`v:"${finalizer}"`] !== undefined)?.manager;
  const words = [...(domain === undefined ? [] : [`likely owner: ${domain}`]), ...(writer === undefined ? [] : [`set by ${writer}`])];
  return words.length === 0 ? undefined : words.join('; ');
}

/** The part of `fieldsV1` that says which finalizers a manager has set; undefined where it has set none. */
export function finalizerFields(fieldsV1: Json | undefined): Readonly<Record<string, Json>> | undefined {
  const metadata = (fieldsV1 as { readonly 'f:metadata'?: Readonly<Record<string, Json>> } | null | undefined)?.['f:metadata'];
  return metadata?.['f:finalizers'] as Readonly<Record<string, Json>> | undefined;
}
