import type { Namespace } from './kube.ts';
import { type Snapshot, sliceOf } from './snapshot.ts';

/** A namespace with a deletionTimestamp: its controller deletes everything in it, and nothing can be created there any more. */
export function isNamespaceTerminating({ metadata, status }: Namespace): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase === 'Terminating';
}

/** The namespace of a snapshot, where it was read and is Terminating. */
export function terminatingNamespace(snapshot: Snapshot): Namespace | undefined {
  const namespace = sliceOf(snapshot, 'namespace');
  return namespace.state === 'read' && isNamespaceTerminating(namespace.value) ? namespace.value : undefined;
}
