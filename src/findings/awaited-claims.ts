import type { Claim } from '../domain/kube.ts';
import { claimNames, claimOrdinal, memberName } from '../domain/naming.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Intent } from './check.ts';
import { known } from './draft.ts';

/** Names of the claims that members which arrive will use, and of those that the archive promises. */
export function awaitedNames({ set, arriving, archive }: Intent): readonly string[] {
  return [...new Set([...arriving.flatMap((ordinal) => claimNames(set, ordinal)), ...(archive?.claims ?? []).map(({ name }) => name)])];
}

/** Those of them that exist; undefined while claims are unknown. */
export function awaitedClaims(snapshot: Snapshot, intent: Intent): readonly Claim[] | undefined {
  const wanted = new Set(awaitedNames(intent));
  return known(snapshot, 'claims')?.filter((claim) => wanted.has(claim.metadata.name));
}

/** The member that uses a claim of this name: `web-3`, or `a member` for one that is only owned by the set. */
export function userOf({ set }: Intent, claimName: string): string {
  const ordinal = claimOrdinal(set, claimName);
  return ordinal === undefined ? 'a member' : memberName(set.metadata.name, ordinal);
}
