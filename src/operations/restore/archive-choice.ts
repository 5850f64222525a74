import { archiveOfDeletion } from '../../domain/archives.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import { podsNamedAfter } from '../../domain/members.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { ArchiveEntry, FoundArchive } from '../../domain/stored.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { PlanInput } from '../operation.ts';
import { podsOf } from '../planned-on.ts';
import type { RestoreOptions } from './options.ts';

/**
 * The archive to restore from.
 * @throws CannotError when there is none; RefusedError when it cannot be read, or must be named
 */
export function archiveFound({ snapshot, options, resume }: PlanInput<RestoreOptions>): FoundArchive {
  if (resume !== undefined) return { state: 'valid', archive: resume.archive };
  const { namespace, name } = snapshot.target;
  const stored = sliceOf(snapshot, 'stored');
  if (stored.state === 'unknown') throw new RefusedError(`the archive of ${name} cannot be read: ${stored.message}`);
  const found = stored.state === 'read' ? stored.value.archive : undefined;
  if (found === undefined)
    throw new CannotError(
      `no archive of StatefulSet ${name} in namespace ${namespace} of context ${snapshot.cluster.context}`,
      commandLine({ operation: 'restore', name, options: { list: true } }, placeOf(snapshot)),
    );
  // A set that is there is refused by its rule, whatever it would be restored from.
  const isThere = sliceOf(snapshot, 'set').state === 'read';
  if (!isThere && options.archive === undefined && stored.state === 'read') refuseUnnamed(stored.value.entries, options, snapshot);
  return found;
}

/**
 * Whoever deleted the set, none of its saved manifests is of a deletion: one of a scale holds the number of replicas from
 * before that scale, and is nothing to take without a word.
 * @throws RefusedError with those that there are, and the command for the one that fits what runs best
 */
function refuseUnnamed(entries: readonly ArchiveEntry[], options: RestoreOptions, snapshot: Snapshot): void {
  const { target, now } = snapshot;
  const newest = entries.at(-1);
  if (newest === undefined || archiveOfDeletion(entries) !== undefined) return;
  const running = podsNamedAfter(target.name, podsOf(snapshot)).size;
  const { name } = entries.findLast(({ replicas }) => replicas === running) ?? newest;
  const all = entries
    .toReversed()
    .map((entry) => `${entry.name} (${entry.operation}, ${entry.replicas} replicas, ${roughAge(now - Date.parse(entry.created))} old)`);
  throw new RefusedError(
    `no saved manifest of StatefulSet ${target.name} in namespace ${target.namespace} is of a deletion; name one with --archive: ${all.join(', ')}`,
    commandLine({ operation: 'restore', name: target.name, options: { ...options, archive: name } }, placeOf(snapshot)),
  );
}
