import { RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { ordinalsOf, replicasOf } from '../../domain/naming.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import { removedWith } from '../../findings/removed-with.ts';
import type { ClaimIdentity } from '../../plan/condition.ts';
import type { Change } from '../../plan/plan.ts';
import { archiveNameFor } from '../archive-name.ts';
import { dependentFates, plannedOnDependents } from '../dependents.ts';
import { claimFates, memberFates } from '../fate.ts';
import { leftBy } from '../held.ts';
import { lossByDeletion } from '../losses.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { archivedSet, liveSet, originalSet } from '../origin.ts';
import { claimsIn, plannedOnSet, podsOf, reclaimsIn } from '../planned-on.ts';
import { claimStates, promisedClaims } from '../promised-claims.ts';
import { claimsToDelete, serviceToDelete } from './doomed.ts';
import type { DeleteOptions } from './options.ts';
import { deleteConsent } from './rules.ts';
import { governingService } from './service.ts';
import { deleteSteps } from './steps.ts';

type Input = PlanInput<DeleteOptions>;

/**
 * All members leave. A resumed delete may find the set gone already: then the archive speaks for it.
 * @throws RefusedError for what goes on after the set is gone, when nothing could carry its record
 */
export function deleteIntent(input: Input): Intent {
  const { withoutSecrets, deleteClaims, withService } = input.options;
  if (withoutSecrets === true && (deleteClaims === true || withService === true)) {
    throw new RefusedError(
      '--delete-claims and --with-service continue after the StatefulSet is deleted, and need its record in a Secret, which you may not write',
    );
  }
  refuseBlindDestruction(input);
  const present = sliceOf(input.snapshot, 'set').state === 'read';
  const set = input.resume !== undefined && !present ? archivedSet(input.resume.archive) : liveSet(input.snapshot);
  const leaving = membersOf(set, podsOf(input.snapshot)).map(({ ordinal }) => ordinal);
  return {
    operation: 'delete',
    deletesSet: true,
    set,
    leaving,
    arriving: [],
    staying: [],
    onlyFile: withoutSecrets === true,
    ...aboutClaims(input),
    ...leftBy(input),
  };
}

/** What goes on looks at what its archive says, and for the claims that were there when it began; what destroys them does not miss any. */
function aboutClaims({ options, resume }: Input): Pick<Intent, 'destroysClaims' | 'sparesClaims' | 'archive'> {
  const destroys = options.deleteClaims === true;
  return {
    sparesClaims: true,
    ...(destroys ? { destroysClaims: true } : {}),
    ...(resume === undefined ? {} : { archive: destroys ? { ...resume.archive, claims: [] } : resume.archive }),
  };
}

/**
 * Whose claims and whose Service they are is told by the namespace's other sets: to keep them that is advice, to destroy
 * them it must be known.
 */
function refuseBlindDestruction({ options, snapshot, resume }: Input): void {
  if (resume !== undefined) return;
  const [sets, services] = [sliceOf(snapshot, 'sets'), sliceOf(snapshot, 'services')];
  if (options.deleteClaims === true && sets.state === 'unknown')
    throw new RefusedError(`--delete-claims needs to know that no other set has these PVCs, and cannot: ${sets.message}`);
  const blind = [sets, services].find(({ state }) => state === 'unknown');
  if (options.withService === true && blind?.state === 'unknown')
    throw new RefusedError(`--with-service needs to know that nothing else uses the Service, and cannot: ${blind.message}`);
}

export function deletePlan(input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const set = originalSet(input);
  const name = set.metadata.name;
  const archive = input.resume?.record.archive ?? archiveNameFor(input.snapshot);
  const claims = input.options.deleteClaims === true ? claimStates(set, input.snapshot) : promisedClaims(input, set);
  const doomed = claimsToDelete(input, claims);
  const dependents = removedWith(input.snapshot, intent);
  const count = replicasOf(set);
  return {
    schema: 1,
    operation: 'delete',
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: { ...input.options },
    allowed: input.allowed,
    summary: `delete StatefulSet ${name}: remove ${count} ${count === 1 ? 'member' : 'members'} one at a time, highest first, then the set; ${input.options.deleteClaims === true ? destruction(doomed, input.snapshot) : `keep ${claims.length} PVCs`}`,
    findings,
    changes: [...deleteFate(input, set, new Set(doomed.map(({ uid }) => uid))), ...dependentFates(dependents, input.snapshot)],
    basedOn: [...plannedOnSet(intent.set, input.snapshot), ...plannedOnDependents(dependents)],
    steps: deleteSteps(input, set, archive, claims),
    ...(input.resume === undefined ? {} : { from: input.resume.record.cursor }),
    during: {
      // A deletion that resumes is compared with its archive, unless it was allowed that it is of another set.
      spec: input.resume !== undefined && input.allowed.includes('archive-outdated') ? 'as-begun' : 'as-saved',
      retention: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
    consent: consentTo(deleteConsent, name),
    putBack: { replicas: count, retention: set.spec.persistentVolumeClaimRetentionPolicy ?? null },
    archive,
  };
}

function deleteFate(input: Input, set: StatefulSet, doomed: ReadonlySet<string>): readonly Change[] {
  const reclaim = reclaimsIn(input.snapshot);
  const used = new Set(ordinalsOf(set));
  const gone: Change = { kind: 'StatefulSet', name: set.metadata.name, before: `${replicasOf(set)} replicas`, after: 'deleted, archived' };
  return [
    gone,
    ...memberFates(set, input.snapshot, (_, pod) => (pod === undefined && input.resume !== undefined ? 'already removed' : 'removed')),
    ...claimFates(set, input.snapshot, (ordinal, claim) => {
      if (!doomed.has(claim.metadata.uid)) return lossByDeletion(claim) ?? 'kept';
      return `${DELETED[reclaim(claim)]}${ordinal === undefined || used.has(ordinal) ? '' : '; no member uses it'}`;
    }),
    ...serviceFate(input, set),
  ];
}

const DELETED = {
  Delete: 'DELETED, with its data',
  Retain: 'DELETED; its volume is kept',
  unknown: 'DELETED, with its data where the volume says Delete',
} as const;

/** `DELETE 3 claims and their data`: what the reclaim policy of each volume makes of it. */
function destruction(doomed: readonly ClaimIdentity[], snapshot: Snapshot): string {
  const uids = new Set(doomed.map(({ uid }) => uid));
  const reclaim = reclaimsIn(snapshot);
  const kept = claimsIn(snapshot).filter((claim) => uids.has(claim.metadata.uid) && reclaim(claim) === 'Retain').length;
  const claims = `DELETE ${doomed.length} ${doomed.length === 1 ? 'PVC' : 'PVCs'}`;
  if (kept === 0) return `${claims} and ${doomed.length === 1 ? 'its' : 'their'} data`;
  return kept === doomed.length
    ? `${claims}, keep ${kept === 1 ? 'its volume' : 'their volumes'}`
    : `${claims} and the data of ${doomed.length - kept}`;
}

/** What was asked for and is not done is said as well. */
function serviceFate(input: Input, set: StatefulSet): readonly Change[] {
  if (input.options.withService !== true) return [];
  const doomed = serviceToDelete(input, set);
  if (doomed !== undefined) return [{ kind: 'Service', name: doomed.metadata.name, before: 'headless', after: 'deleted, archived' }];
  const kept = input.resume === undefined ? governingService(set, input.snapshot)?.kept : undefined;
  const { serviceName = '' } = set.spec;
  if (kept !== undefined) return [{ kind: 'Service', name: serviceName, before: kept, after: 'kept' }];
  return serviceName === '' ? [] : [{ kind: 'Service', name: serviceName, before: 'not there', after: 'nothing to delete' }];
}
