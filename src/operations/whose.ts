import { retentionOf } from '../domain/claims.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { partitionOf } from '../domain/revisions.ts';
import type { OperationRecord } from '../domain/stored.ts';

/**
 * Whether the set that is there is the one that this restore, or this way back, has created. By its UID once the record has
 * it; while the creation itself is the step in doubt, by how we create sets (manifest/recreate.ts), and hardly anybody else:
 * it retains everything, and its partition is above every member.
 */
export function isOurs(set: StatefulSet, { created, cursor }: OperationRecord, archivedReplicas: number): boolean {
  if (created !== undefined) return set.metadata.uid === created;
  if (cursor === 'take' || cursor.startsWith('create-service/')) return false;
  return (cursor !== 'create-set' && cursor !== 'delete-set') || isHeld(set, archivedReplicas);
}

/** As a restore creates it: no Pod is replaced, and no claim goes, before its fields are put back. */
export function isHeld(set: StatefulSet, archivedReplicas: number): boolean {
  const { whenDeleted, whenScaled } = retentionOf(set);
  return whenDeleted === 'Retain' && whenScaled === 'Retain' && partitionOf(set) >= Math.max(1, archivedReplicas, replicasOf(set));
}
