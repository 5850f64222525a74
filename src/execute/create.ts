import { ChangedError } from '../domain/errors.ts';
import type { Json, OwnerReference, StatefulSet } from '../domain/kube.ts';
import { collectionOf, type ObjectRef, pathOf } from '../domain/object-ref.ts';
import { isSubject, sliceOf, subjectOf, type Target } from '../domain/snapshot.ts';
import type { Archive } from '../domain/stored.ts';
import { lostFields } from '../manifest/difference.ts';
import { manifestToCreate, serviceToCreate } from '../manifest/recreate.ts';
import type { CreateWrite } from '../plan/action.ts';
import { guardedWrite } from '../record/guarded.ts';
import type { Performance } from './intent.ts';
import { lostOwners } from './owners.ts';
import type { ExecutePorts } from './ports.ts';

/** Creates the set or the Service from the archive. An answer that was lost is recognised: the object is there, as we made it. */
export async function createFromArchive(write: CreateWrite, archive: Archive, performance: Performance): Promise<void> {
  const { ports, plan, created } = performance;
  const { target } = plan;
  if (isSubject(write.ref, target)) {
    const body = await withoutLostOwners(manifestToCreate(archive.manifest, write.replicas ?? 0), ports, target);
    created.uid = await createSet(body, performance);
    return;
  }
  if (archive.service === undefined) return;
  const body = serviceToCreate(archive.service);
  await guardedWrite(ports, async () => {
    if ((await ports.verbs.get(pathOf(write.ref))) !== undefined) return;
    await ports.keeper.write(() => ports.verbs.create(collectionOf(write.ref.resource, write.ref.namespace), body));
  });
}

/** Creates what the plan itself holds. One of that name that is there already is the verification's to judge. */
export async function createFromManifest(ref: ObjectRef, manifest: Readonly<Record<string, Json>>, { ports }: Performance): Promise<void> {
  await guardedWrite(ports, async () => {
    if ((await ports.verbs.get(pathOf(ref))) !== undefined) return;
    await ports.keeper.write(() => ports.verbs.create(collectionOf(ref.resource, ref.namespace), manifest));
  });
}

/** @returns its UID */
async function createSet(body: Record<string, unknown>, { ports, plan: { target }, created, fresh }: Performance): Promise<string> {
  return await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    // That there is none is tested by the name.
    const isAbsent = tries === 1 && sliceOf(fresh, 'set').state === 'absent';
    const present = isAbsent ? undefined : ((await ports.verbs.get(pathOf(subjectOf(target)))) as StatefulSet | undefined);
    if (present !== undefined) {
      if (created.uid === undefined ? isOurCreation(present, body) : created.uid === present.metadata.uid) return present.metadata.uid;
      throw new ChangedError(`StatefulSet ${target.name} was created by another client`);
    }
    const stored = await ports.keeper.write(() => ports.verbs.create(collectionOf('statefulsets', target.namespace), body));
    warnOfLost(body, stored, ports);
    return (stored as unknown as StatefulSet).metadata.uid;
  });
}

/** Owners that are gone would take the new set with them (`lostOwners`). */
async function withoutLostOwners(body: Record<string, unknown>, ports: ExecutePorts, target: Target): Promise<Record<string, unknown>> {
  const { ownerReferences = [], ...metadata } = body['metadata'] as { readonly ownerReferences?: readonly OwnerReference[] };
  const lost = await lostOwners(ownerReferences, target.namespace, ports.verbs);
  for (const { owner, why } of lost)
    ports.tell(`StatefulSet ${target.name} was owned by ${owner.kind} ${owner.name}, which it is not any more: ${why}`);
  const kept = ownerReferences.filter((owner) => !lost.some((one) => one.owner === owner));
  return { ...body, metadata: kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept } };
}

/**
 * Ours: nobody else creates a set that retains everything and holds every member by its partition. Its replicas do not
 * tell, since somebody may have scaled it.
 */
export function isOurCreation(present: StatefulSet, body: Record<string, unknown>): boolean {
  const wanted = body as unknown as StatefulSet;
  const partition = present.spec.updateStrategy?.rollingUpdate?.partition;
  const policy = present.spec.persistentVolumeClaimRetentionPolicy;
  return (
    partition === wanted.spec.updateStrategy?.rollingUpdate?.partition &&
    (policy === undefined || (policy.whenDeleted === 'Retain' && policy.whenScaled === 'Retain'))
  );
}

/** Fields behind a closed feature gate vanish silently [X]: what the server did not keep is said. */
function warnOfLost(sent: Record<string, unknown>, kept: Record<string, unknown>, ports: ExecutePorts): void {
  const lost = lostFields(sent['spec'], kept['spec'], 'spec');
  if (lost.length > 0) ports.sink.emit({ type: 'warning', message: `the server did not keep: ${lost.join(', ')}`, at: ports.serverNow() });
}
