import type { StatefulSet } from '../../domain/kube.ts';
import { podsNamedAfter } from '../../domain/members.ts';
import { revisionOf } from '../../domain/revisions.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';

/** More than this differ in the same way, or in too many for a sentence. */
const MOST = 3;

/** The ControllerRevisions that running Pods were made from, where those are not the saved one; without them, two names must do. */
export function revisionsOfPods(snapshot: Snapshot): readonly string[] {
  const stored = sliceOf(snapshot, 'stored');
  if (stored.state !== 'read' || stored.value.archive?.state !== 'valid') return [];
  const saved = stored.value.archive.archive.manifest as unknown as StatefulSet;
  const labels = [...podsNamedAfter(snapshot.target.name, listOf(snapshot, 'pods')).values()].flatMap((pod) => revisionOf(pod) ?? []);
  return [...new Set(labels)].filter((revision) => revision !== saved.status.updateRevision).slice(0, MOST);
}
