import { RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { memberName, ordinalsOf, replicasOf } from '../../domain/naming.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Archive, OperationName } from '../../domain/stored.ts';
import type { Intent } from '../../findings/check.ts';
import { names } from '../../findings/draft.ts';
import { removedWith } from '../../findings/removed-with.ts';
import type { BasedOn } from '../../plan/plan.ts';
import { dataLost, dependentFates, plannedOnDependents, withoutDependents } from '../dependents.ts';
import { lostClaims } from '../losses.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { archivedSet, nameless } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { type Adoption, adoptable, adoptionOf, createdSet, refuseForeignScale } from './adoption.ts';
import { archiveFound } from './archive-choice.ts';
import { restoreFate } from './fate.ts';
import { retaining } from './fields.ts';
import type { RestoreOptions } from './options.ts';
import { restoreConsent } from './rules.ts';
import { restoreSteps } from './steps.ts';

type Input = PlanInput<RestoreOptions>;

/** An archive that cannot be used says nothing about the set: the rule archive-newer refuses it, by its name alone. */
export function restoreIntent(input: Input): Intent {
  const found = archiveFound(input);
  if (found.state !== 'valid')
    return { operation: 'restore', set: nameless(input.snapshot.target), leaving: [], arriving: [], staying: [] };
  const { archive } = found;
  const set = archivedSet(archive);
  const { leaving, restarting, revision } = adoptionOf(set, input);
  return {
    operation: 'restore',
    set: retaining(set),
    leaving,
    arriving: ordinalsOf(set),
    staying: [],
    archive,
    adopt: input.options.adopt === true,
    ...(restarting.length === 0 || revision === undefined ? {} : { restarting: { ordinals: restarting, revision } }),
  };
}

export function restorePlan(input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const found = archiveFound(input);
  if (found.state !== 'valid') throw new RefusedError(`archive ${found.name} cannot be restored: ${found.message}`);
  return restoreDraft('restore', input, found.archive, intent, findings);
}

/** Shared with `cancel`, whose way back from a finished deletion is a restore. */
export function restoreDraft(
  operation: OperationName,
  input: Input,
  archive: Archive,
  intent: Intent,
  findings: readonly Finding[],
): PlanDraft {
  const set = archivedSet(archive);
  const { name } = set.metadata;
  const goesOn = input.resume !== undefined && input.resume.record.kind === operation;
  const created = goesOn ? createdSet(set, input) : undefined;
  if (created !== undefined) refuseForeignScale(set, created, input);
  const adopted = input.options.adopt === true ? adoptable(set, input.snapshot) : [];
  const adoption = adoptionOf(set, input);
  const dependents = removedWith(input.snapshot, intent);
  const lost = new Set([...lostClaims(intent.set, adoption.leaving, input.snapshot), ...dataLost(dependents)]);
  return {
    schema: 1,
    operation,
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: { ...input.options, archive: archive.name },
    allowed: input.allowed,
    summary: summaryOf(set, archive, adopted.length, adoption),
    findings,
    changes: [
      ...withoutDependents(restoreFate(intent.set, archive, adoption, input.snapshot), dependents),
      ...dependentFates(dependents, input.snapshot),
    ],
    basedOn: [...plannedOnArchive(archive, intent.set, input.snapshot), ...plannedOnDependents(dependents)],
    steps: restoreSteps({ set, archive, adopted, adoption, lost, created, ...input, timeoutMs: stepTimeout(set, input.stepTimeoutMs) }),
    ...(goesOn && input.resume !== undefined ? { from: input.resume.record.cursor } : {}),
    consent: consentTo(restoreConsent, name, lost.size > 0),
    putBack: {},
    archive: archive.name,
  };
}

function plannedOnArchive(archive: Archive, set: StatefulSet, snapshot: Snapshot): readonly BasedOn[] {
  const setUid = archivedSet(archive).metadata.uid;
  return [{ object: `archive/${archive.name}`, uid: archive.id, fields: { setUid } }, ...plannedOnSet(set, snapshot).slice(1)];
}

function summaryOf(set: StatefulSet, archive: Archive, adopted: number, { leaving, restarting }: Adoption): string {
  const pods = (ordinals: readonly number[]): string => names(ordinals.map((ordinal) => memberName(set.metadata.name, ordinal)));
  return [
    `restore StatefulSet ${set.metadata.name} with ${replicasOf(set)} replicas from archive ${archive.name} of ${archive.created}`,
    ...(adopted === 0 ? [] : [`adopting ${adopted} running Pods`]),
    ...(leaving.length === 0 ? [] : [`deleting ${pods(leaving)}`]),
    ...(restarting.length === 0 ? [] : [`restarting ${pods(restarting)}`]),
  ].join(', ');
}
