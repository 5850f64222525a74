import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { Target } from '../domain/snapshot.ts';
import type { Archive } from '../domain/stored.ts';
import { paths } from '../domain/verbs.ts';
import { lostFields } from '../manifest/difference.ts';
import { manifestToCreate, serviceToCreate } from '../manifest/recreate.ts';
import type { Write } from '../plan/action.ts';
import { guardedWrite } from '../record/guarded.ts';
import type { ExecutePorts } from './ports.ts';

/** Creates the set or the Service from the archive. An answer that was lost is recognised: the object is there, as we made it. */
export async function createFromArchive(
  write: Extract<Write, { kind: 'create-set' | 'create-service' }>,
  archive: Archive,
  ports: ExecutePorts,
  target: Target,
): Promise<void> {
  if (write.kind === 'create-set') return await createSet(manifestToCreate(archive.manifest, write.replicas), ports, target);
  if (archive.service === undefined) return;
  const body = serviceToCreate(archive.service);
  await guardedWrite(ports, async () => {
    if ((await ports.verbs.get(paths.service(target.namespace, write.name))) !== undefined) return;
    await ports.keeper.write(() => ports.verbs.create(paths.services(target.namespace), body));
  });
}

async function createSet(body: Record<string, unknown>, ports: ExecutePorts, target: Target): Promise<void> {
  await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    const present = (await ports.verbs.get(paths.set(target.namespace, target.name))) as StatefulSet | undefined;
    if (present !== undefined) {
      if (isOurCreation(present, body)) return;
      throw new ChangedError(`StatefulSet ${target.name} was created by somebody else`);
    }
    const created = await ports.keeper.write(() => ports.verbs.create(paths.sets(target.namespace), body));
    warnOfLost(body, created, ports);
  });
}

/** Ours: nobody else creates a set that retains everything and holds every member by its partition. */
export function isOurCreation(present: StatefulSet, body: Record<string, unknown>): boolean {
  const wanted = body as unknown as StatefulSet;
  const partition = present.spec.updateStrategy?.rollingUpdate?.partition;
  const policy = present.spec.persistentVolumeClaimRetentionPolicy;
  return (
    present.spec.replicas === wanted.spec.replicas &&
    partition === wanted.spec.updateStrategy?.rollingUpdate?.partition &&
    (policy === undefined || (policy.whenDeleted === 'Retain' && policy.whenScaled === 'Retain'))
  );
}

/** Fields behind a closed feature gate vanish silently [X]: what the server did not keep is said. */
function warnOfLost(sent: Record<string, unknown>, kept: Record<string, unknown>, ports: ExecutePorts): void {
  const lost = lostFields(sent['spec'], kept['spec'], 'spec');
  if (lost.length > 0) ports.sink.emit({ type: 'warning', message: `the server did not keep: ${lost.join(', ')}`, at: ports.serverNow() });
}
