import { archiveOfDeletion } from '../../domain/archives.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, podsNamedAfter } from '../../domain/members.ts';
import { memberName, ordinalsOf, replicasOf, startOf } from '../../domain/naming.ts';
import { partitionOf } from '../../domain/revisions.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Archive, ArchiveEntry, FoundArchive, OperationName } from '../../domain/stored.ts';
import type { Intent } from '../../findings/check.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { Fate } from '../../plan/plan.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { archivedSet, nameless } from '../origin.ts';
import { claimsIn, plannedOnSet, podsOf } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { isOurs } from '../whose.ts';
import type { RestoreOptions } from './options.ts';
import { restoreConsent } from './rules.ts';
import { type RestoreFacts, restoreSteps } from './steps.ts';

type Input = PlanInput<RestoreOptions>;

/**
 * The archive to restore from.
 * @throws CannotError when there is none; RefusedError when it cannot be read, or must be named
 */
function archiveFound({ snapshot, options, resume }: Input): FoundArchive {
  if (resume !== undefined) return { state: 'valid', archive: resume.archive };
  const { namespace, name } = snapshot.target;
  const stored = sliceOf(snapshot, 'stored');
  if (stored.state === 'unknown') throw new RefusedError(`the archive of ${name} cannot be read: ${stored.message}`);
  const found = stored.state === 'read' ? stored.value.archive : undefined;
  if (found === undefined)
    throw new CannotError(
      `no archive of StatefulSet ${name} in namespace ${namespace} of context ${snapshot.cluster.context}`,
      commandLine({ operation: 'restore', name, options: { list: true } }, placeOf(snapshot)),
    );
  if (options.archive === undefined && stored.state === 'read') refuseUnnamed(stored.value.entries, options, snapshot);
  return found;
}

/**
 * Whoever deleted the set, none of its saved manifests is of a deletion: one of a scale holds the number of replicas from
 * before that scale, and is nothing to take without a word.
 * @throws RefusedError with those that there are, and the command for the one that fits what runs best
 */
function refuseUnnamed(entries: readonly ArchiveEntry[], options: RestoreOptions, snapshot: Snapshot): void {
  const { target, cluster, now } = snapshot;
  const newest = entries.at(-1);
  if (newest === undefined || archiveOfDeletion(entries) !== undefined) return;
  const running = podsNamedAfter(target.name, podsOf(snapshot)).size;
  const { name } = entries.findLast(({ replicas }) => replicas === running) ?? newest;
  const all = entries
    .toReversed()
    .map((entry) => `${entry.name} (${entry.operation}, ${entry.replicas} replicas, ${roughAge(now - Date.parse(entry.created))} old)`);
  throw new RefusedError(
    `no saved manifest of StatefulSet ${target.name} in namespace ${target.namespace} is of a deletion; name one with --archive: ${all.join(', ')}`,
    commandLine({ operation: 'restore', target, options: { ...options, archive: name }, context: cluster.context }),
  );
}

/** An archive that cannot be used says nothing about the set: the rule archive-newer refuses it, by its name alone. */
export function restoreIntent(input: Input): Intent {
  const found = archiveFound(input);
  if (found.state !== 'valid')
    return { operation: 'restore', set: nameless(input.snapshot.target), leaving: [], arriving: [], staying: [] };
  const { archive } = found;
  const set = archivedSet(archive);
  return { operation: 'restore', set, leaving: [], arriving: ordinalsOf(set), staying: [], archive, adopt: input.options.adopt === true };
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
  const adopted = input.options.adopt === true ? adoptable(set, input.snapshot) : [];
  const goesOn = input.resume !== undefined && input.resume.record.kind === operation;
  return {
    schema: 1,
    operation,
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: { ...input.options, archive: archive.name },
    allowed: input.allowed,
    summary: `restore StatefulSet ${set.metadata.name} with ${replicasOf(set)} replicas from archive ${archive.name} of ${archive.created}${adopted.length === 0 ? '' : `, adopting ${adopted.length} running Pods`}`,
    findings,
    fate: restoreFate(set, archive, input.snapshot),
    plannedOn: [
      { object: `archive/${archive.name}`, uid: archive.id, fields: { setUid: set.metadata.uid } },
      ...plannedOnSet(intent.set, input.snapshot).slice(1),
    ],
    steps: restoreSteps({
      set,
      archive,
      adopted,
      ...(goesOn ? createdAlready(set, input) : {}),
      snapshot: input.snapshot,
      allowed: input.allowed,
      timeoutMs: stepTimeout(set, input.stepTimeoutMs),
    }),
    ...(goesOn && input.resume !== undefined ? { from: input.resume.record.cursor } : {}),
    consent: consentTo(restoreConsent, set.metadata.name),
    putBack: {},
    archive: archive.name,
  };
}

/**
 * The set that a restore which goes on has created: its replicas may be anybody's by now, and are put back all the same.
 * @throws RefusedError where that would take members down: a restore only starts them
 */
function createdAlready(archived: StatefulSet, { snapshot, resume }: Input): Pick<RestoreFacts, 'created'> {
  const live = sliceOf(snapshot, 'set');
  if (resume === undefined || live.state !== 'read' || !isOurs(live.value, resume.record, replicasOf(archived))) return {};
  const [now, then] = [replicasOf(live.value), replicasOf(archived)];
  // The partition above every member goes with the patch that puts the fields back: what was scaled after it is settled.
  if (now <= then || partitionOf(live.value) < Math.max(1, then)) return { created: live.value };
  const { name } = snapshot.target;
  const scale = { tool: 'kubectl', command: 'scale', args: ['statefulset', name, `--replicas=${then}`] } as const;
  throw new RefusedError(
    `StatefulSet ${name} was scaled to ${now} replicas meanwhile, and its archive has ${then}`,
    `${commandLine(scale, placeOf(snapshot))}, then the same command`,
  );
}

/**
 * The running Pods that a re-created set would take over: ordinals from the first on without a gap, so that "replicas =
 * the running ones" describes exactly them.
 * @throws RefusedError when there is a gap: the controller would fill it, or condemn what lies above
 */
export function adoptable(set: StatefulSet, snapshot: Snapshot): readonly { readonly name: string; readonly uid: string }[] {
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  const ordinals = [...pods.keys()].sort((a, b) => a - b);
  const gap = ordinals.find((ordinal, index) => ordinal !== startOf(set) + index);
  if (gap !== undefined)
    throw new RefusedError(
      `Pod ${memberName(set.metadata.name, gap)} runs but a lower one does not: adopting would start or remove members`,
    );
  return ordinals.map((ordinal) => ({ name: memberName(set.metadata.name, ordinal), uid: pods.get(ordinal)?.metadata.uid ?? '' }));
}

/** What the archive would run, which may not be what ran last. */
function imagesOf({ spec }: StatefulSet): string {
  return spec.template.spec.containers.map(({ image }) => image ?? 'no image').join(', ');
}

function restoreFate(set: StatefulSet, archive: Archive, snapshot: Snapshot): readonly Fate[] {
  const present = new Map(claimsIn(snapshot).map((claim) => [claim.metadata.name, claim]));
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  const live = sliceOf(snapshot, 'set');
  const created = live.state === 'read';
  const what = `${replicasOf(set)} replicas of ${imagesOf(set)}`;
  return [
    {
      kind: 'set',
      name: set.metadata.name,
      now: created ? `created, with ${replicasOf(live.value)} replicas` : 'not there',
      then: created ? `as archived: ${what}` : `created with ${what}`,
    },
    ...ordinalsOf(set).map((ordinal): Fate => {
      const pod = pods.get(ordinal);
      const name = memberName(set.metadata.name, ordinal);
      if (pod === undefined) return { kind: 'member', name, now: 'not there', then: 'created' };
      const own = created && isControlledBy(pod, live.value.metadata.uid);
      return { kind: 'member', name, now: own ? 'running' : 'running, without a set', then: own ? 'stays' : 'adopted' };
    }),
    ...archive.claims.map((claim): Fate => {
      const found = present.get(claim.name);
      const same = found?.metadata.uid === claim.uid;
      return {
        kind: 'claim',
        name: claim.name,
        now: found === undefined ? 'missing' : same ? 'the same object as archived' : 'another object',
        then: found === undefined ? 'created empty' : 'attached',
      };
    }),
  ];
}
