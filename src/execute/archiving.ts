import { claimsOf } from '../domain/claims.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { Archive, ArchiveEntry } from '../domain/stored.ts';
import { withoutMarks } from '../manifest/marks.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * The archive of an operation: the set as it is before our first change.
 * @param created server's time, RFC 3339
 * @param service raw governing Service, when the operation takes it away too
 */
export function archiveOf(
  plan: Plan,
  id: string,
  snapshot: Snapshot,
  set: StatefulSet,
  created: string,
  service?: Readonly<Record<string, unknown>>,
): Archive {
  const claims = claimsOf(set, listOf(snapshot, 'pods'), listOf(snapshot, 'claims'));
  return {
    schema: 1,
    name: plan.archive,
    id,
    operation: plan.operation,
    created,
    options: plan.options,
    allowed: plan.allowed,
    manifest: { ...set, apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: withoutMarks({ ...set.metadata }) },
    claims: claims.map(({ claim, ordinal }) => ({
      name: claim.metadata.name,
      uid: claim.metadata.uid,
      ...(claim.spec.volumeName === undefined ? {} : { volume: claim.spec.volumeName }),
      ...(ordinal === undefined ? {} : { ordinal }),
      ...(claim.status.phase === undefined ? {} : { phase: claim.status.phase }),
    })),
    ...(service === undefined ? {} : { service }),
  };
}

export function entryOf(archive: Archive): ArchiveEntry {
  const set = archive.manifest as unknown as StatefulSet;
  return {
    name: archive.name,
    operation: archive.operation,
    id: archive.id,
    created: archive.created,
    setUid: set.metadata.uid,
    replicas: replicasOf(set),
    setDeleted: false,
  };
}
