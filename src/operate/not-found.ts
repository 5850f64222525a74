import type { ClusterReader } from '../cluster/api.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';

/** "Not found" says where it looked (principle 9), what is near, and that `restore` could bring it back. */
export async function notFound(
  snapshot: Snapshot,
  reader: ClusterReader,
): Promise<{ readonly message: string; readonly hint: string | undefined }> {
  const { namespace, name } = snapshot.target;
  const { context, server } = snapshot.cluster;
  const message = `StatefulSet ${name} not found in namespace ${namespace} of context ${context} (${server})`;
  const stored = sliceOf(snapshot, 'stored');
  const last = stored.state === 'read' ? stored.value.entries.at(-1) : undefined;
  if (last?.setDeleted === true)
    return { message, hint: `it was deleted at ${last.created} and is archived: kubectl sts-safe restore ${name} -n ${namespace}` };
  const near = await reader.suggestSets(snapshot.target);
  return { message, hint: near.length === 0 ? undefined : `did you mean ${near.join(', ')}?` };
}
