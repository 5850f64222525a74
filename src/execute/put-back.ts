import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { partitionOf } from '../domain/revisions.ts';
import type { FieldValue, Write } from '../plan/action.ts';
import type { RecordKeeper } from '../record/keeper.ts';
import { valueAt } from '../record/set-patch.ts';
import type { Created } from './ports.ts';

type PutBack = Extract<Write, { kind: 'put-back' }>;

/** The set that we created gets its archived fields, whatever else the server defaulted in them. */
export async function putBack(write: PutBack, set: StatefulSet, created: Created, keeper: RecordKeeper): Promise<void> {
  throwIfAnother(set, created);
  if (created.uid === undefined && partitionOf(set) < replicasOf(set)) throw notOurs(set);
  const changes = write.fields
    .map(({ path, to }) => ({ path, from: valueAt(set, path), to }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
  // The record of a restore stays on the index: an annotation of ours would be copied into the ControllerRevision [X].
  await keeper.changeFields(set.metadata.uid, changes, set);
}

/** @throws ChangedError for a set that was made in place of the one that we created */
export function throwIfAnother(set: StatefulSet, { uid }: Created): void {
  if (uid !== undefined && set.metadata.uid !== uid) throw notOurs(set);
}

function notOurs({ metadata: { name } }: StatefulSet): ChangedError {
  return new ChangedError(`StatefulSet ${name} is not the one that we created; cancel takes our record off`);
}

/**
 * Whether that patch was made: all fields are as archived, or the partition above every member, which only our creation
 * sets, is gone, and the retention policy is as archived. A server that drops a field (a gate that has closed) or defaults another stores
 * the patch otherwise than archived, and it was made all the same.
 */
export function isPutBack(write: PutBack, set: StatefulSet): boolean {
  const replicas = write.fields.find(({ path }) => path === '/spec/replicas')?.to;
  if (typeof replicas !== 'number') return false;
  const isKept = ({ path, to }: FieldValue): boolean => isKeptOf(to, valueAt(set, path));
  const policy = write.fields.filter(({ path }) => path.startsWith('/spec/persistentVolumeClaimRetentionPolicy'));
  // Somebody may have scaled it since: then replicas says nothing.
  if (partitionOf(set) < replicas) return policy.every(isKept);
  return replicasOf(set) === replicas && write.fields.every(isKept);
}

/** Everything that is stored is as it was sent; some of it may not have been kept. */
function isKeptOf(sent: unknown, stored: unknown): boolean {
  if (stored === undefined) return true;
  if (typeof stored !== 'object' || stored === null) return stored === sent;
  if (typeof sent !== 'object' || sent === null) return false;
  return Object.entries(stored).every(([key, value]) => key in sent && isKeptOf((sent as Record<string, unknown>)[key], value));
}
