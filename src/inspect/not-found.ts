import type { ClusterReader } from '../cluster/api.ts';
import { archiveLeft, archiveLeftInWords, archivesUnknown } from '../domain/archive-left.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';

/** "Not found" says where it looked (principle 9), what it could come back from, and what is near. */
export async function notFound(
  snapshot: Snapshot,
  reader: ClusterReader,
): Promise<{ readonly message: string; readonly hint: string | undefined }> {
  const { namespace, name } = snapshot.target;
  const { context, server } = snapshot.cluster;
  const message = `StatefulSet ${name} not found in namespace ${namespace} of context ${context} (${server})`;
  const archive = archiveLeft(snapshot);
  if (archive !== undefined) {
    const line = commandLine({ operation: 'restore', name, options: archive.options }, placeOf(snapshot));
    return { message, hint: `${archiveLeftInWords(archive, snapshot.now)}: ${line}` };
  }
  const near = await reader.suggestSets(snapshot.target);
  return { message, hint: near.length === 0 ? archivesUnknown(snapshot) : `did you mean ${near.join(', ')}?` };
}
