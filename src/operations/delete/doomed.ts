import type { Service, StatefulSet } from '../../domain/kube.ts';
import type { ClaimIdentity } from '../../plan/condition.ts';
import type { PlanInput } from '../operation.ts';
import type { DeleteOptions } from './options.ts';
import { governingService } from './service.ts';

type Input = PlanInput<DeleteOptions>;

/**
 * What a deletion takes away beside the set and its members. A resumed one goes by the archive: what it has deleted
 * already is still a step of it, or the cursor would stand on none; and what came since nobody agreed to.
 */

/** The claims whose data is destroyed; none without --delete-claims. */
export function claimsToDelete({ options, resume }: Input, present: readonly ClaimIdentity[]): readonly ClaimIdentity[] {
  if (options.deleteClaims !== true) return [];
  return resume === undefined ? present : resume.archive.claims;
}

/** The governing Service, with --with-service, and where nothing speaks against it. */
export function serviceToDelete({ options, resume, snapshot }: Input, set: StatefulSet): Service | undefined {
  if (options.withService !== true) return undefined;
  if (resume === undefined) {
    const governing = governingService(set, snapshot);
    return governing?.kept === undefined ? governing?.service : undefined;
  }
  return resume.archive.service as unknown as Service | undefined;
}
