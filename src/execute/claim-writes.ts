import { dangerousOwners } from '../domain/claims.ts';
import { ChangedError } from '../domain/errors.ts';
import type { Claim, Json, StatefulSet } from '../domain/kube.ts';
import type { JsonPatchOp } from '../domain/verbs.ts';
import { paths } from '../domain/verbs.ts';
import type { Write } from '../plan/action.ts';
import { guardedWrite } from '../record/guarded.ts';
import type { ExecutePorts } from './ports.ts';

/**
 * Takes off each claim what would make the garbage collector destroy it with the set or a member. Only claims that have
 * such an owner on a fresh read are written; the controller may be taking the same references off at this moment.
 */
export async function stripOwners(write: Extract<Write, { kind: 'strip-owners' }>, ports: ExecutePorts, namespace: string): Promise<void> {
  const set = { metadata: { name: write.set, uid: write.setUid } } as StatefulSet;
  for (const { name, uid } of write.claims) {
    await guardedWrite(ports, async (tries) => {
      if (tries > 1) await ports.keeper.assertOurs();
      const claim = (await ports.verbs.get(paths.claim(namespace, name))) as Claim | undefined;
      if (claim === undefined || claim.metadata.uid !== uid) throw new ChangedError(`claim ${name} was deleted by somebody else`);
      const ops = stripPatch(claim, set);
      if (ops.length === 0) return;
      await ports.keeper.write(() => ports.verbs.jsonPatch(paths.claim(namespace, name), ops));
    });
  }
}

/** Tests uid and the whole present list, then leaves the harmless references. */
export function stripPatch(claim: Claim, set: StatefulSet): readonly JsonPatchOp[] {
  const present = claim.metadata.ownerReferences ?? [];
  const dangerous = new Set(dangerousOwners(claim, set));
  if (dangerous.size === 0) return [];
  const kept = present.filter((owner) => !dangerous.has(owner));
  const path = '/metadata/ownerReferences';
  return [
    { op: 'test', path: '/metadata/uid', value: claim.metadata.uid },
    { op: 'test', path, value: present as unknown as Json },
    kept.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: kept as unknown as Json },
  ];
}
