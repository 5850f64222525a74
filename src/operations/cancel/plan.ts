import { retentionOf } from '../../domain/claims.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Json, StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { ordinalsOf, replicasOf, startOf } from '../../domain/naming.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import type { FieldChange } from '../../plan/action.ts';
import type { Fate, Step } from '../../plan/plan.ts';
import { memberFates } from '../fate.ts';
import { scaleDownSteps } from '../member-steps.ts';
import type { PlanDraft, PlanInput, Resume } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { restoreDraft } from '../restore/plan.ts';
import { stepTimeout } from '../timeouts.ts';

/** `cancel` has no options: the record says what to put back. */
export type CancelOptions = Record<never, never>;

type Input = PlanInput<CancelOptions>;

/** @throws CannotError when there is nothing to go back from */
export function openOperation(input: Input): Resume {
  if (input.resume !== undefined) return input.resume;
  const { namespace, name } = input.snapshot.target;
  throw new CannotError(`no operation of ours is open on StatefulSet ${name} in namespace ${namespace}`, 'kubectl sts-safe operations');
}

export function isSetThere(input: Input): boolean {
  return sliceOf(input.snapshot, 'set').state === 'read';
}

export function cancelIntent(input: Input): Intent {
  const { archive } = openOperation(input);
  const set = isSetThere(input) ? liveSet(input.snapshot) : archivedSet(archive);
  return { operation: 'cancel', set, leaving: [], arriving: ordinalsOf(archivedSet(archive)), staying: [], archive };
}

/** The way back from where the record stands: put the fields back, or re-create the set, or remove the one we began to restore. */
export function cancelPlan(input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const { record, archive } = openOperation(input);
  if (record.kind === 'restore') return undoRestore(input, findings);
  const onIndex = sliceOf(input.snapshot, 'stored');
  const indexCarries = onIndex.state === 'read' && onIndex.value.record !== undefined;
  if (!isSetThere(input) || (indexCarries && record.kind === 'cancel')) {
    return restoreDraft('cancel', { ...input, options: {} }, archive, intent, findings);
  }
  return putBackDraft(input, liveSet(input.snapshot), findings, indexCarries);
}

function putBackDraft(input: Input, live: StatefulSet, findings: readonly Finding[], indexCarries: boolean): PlanDraft {
  const { record, archive } = openOperation(input);
  const target = record.putBack.replicas ?? replicasOf(live);
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  const down = scaleDownSteps({
    set: live,
    snapshot: input.snapshot,
    from: replicasOf(live),
    to: Math.min(target, replicasOf(live)),
    timeoutMs,
    stayingReady: [],
  });
  const closeIndex: readonly Step[] = indexCarries
    ? [
        {
          id: 'close-index',
          title: 'take the record off the index',
          action: { do: 'write', write: { kind: 'close-record', carrier: 'index', setDeleted: false } },
          preconditions: [],
          verify: [],
          timeoutMs,
        },
      ]
    : [];
  return {
    ...common(input, findings),
    summary: `cancel ${record.kind} of StatefulSet ${live.metadata.name}: back to ${target} replicas`,
    fate: cancelFate(input, live, target),
    plannedOn: plannedOnSet(live, input.snapshot),
    steps: [...closeIndex, ...down, putBackStep(input, live, target, timeoutMs), ...membersStep(live, target, timeoutMs)],
    putBack: record.putBack,
    archive: archive.name,
  };
}

/** One atomic patch: every recorded field back, and the record off. */
function putBackStep(input: Input, live: StatefulSet, target: number, timeoutMs: number): Step {
  const { record } = openOperation(input);
  const now = Math.min(replicasOf(live), Math.max(target, 0));
  const changes: FieldChange[] = now === target ? [] : [{ path: '/spec/replicas', from: now, to: target }];
  const { retention } = record.putBack;
  const present = live.spec.persistentVolumeClaimRetentionPolicy;
  if (
    retention !== undefined &&
    retention !== null &&
    JSON.stringify(retentionOf(live)) !==
      JSON.stringify({ whenDeleted: retention.whenDeleted ?? 'Retain', whenScaled: retention.whenScaled ?? 'Retain' })
  ) {
    changes.push({ path: '/spec/persistentVolumeClaimRetentionPolicy', from: present as Json | undefined, to: { ...retention } as Json });
  }
  return {
    id: 'put-back',
    title: `put back ${target} replicas${changes.length > 1 ? ' and the retention policy' : ''} and take the record off`,
    action: { do: 'write', write: { kind: 'close-record', carrier: 'set', uid: live.metadata.uid, changes } },
    preconditions: [{ that: 'set-is', uid: live.metadata.uid, replicas: now }],
    verify: [],
    timeoutMs,
  };
}

function membersStep(live: StatefulSet, target: number, timeoutMs: number): readonly Step[] {
  const ordinals = Array.from({ length: target }, (_, index) => startOf(live) + index);
  if (ordinals.length === 0) return [];
  return [
    {
      id: 'members',
      title: `wait until all ${target} members are ready`,
      action: { do: 'wait' },
      preconditions: [],
      verify: [{ is: 'members-ready', ordinals }],
      timeoutMs: timeoutMs * target,
    },
  ];
}

/**
 * Back from a restore. Before its members start that is easy; after it they run on their data, and taking them down
 * again is a delete, with a delete's consent.
 * @throws RefusedError in that case
 */
function undoRestore(input: Input, findings: readonly Finding[]): PlanDraft {
  const { record, archive } = openOperation(input);
  const name = input.snapshot.target.name;
  const there = isSetThere(input);
  const live = there ? liveSet(input.snapshot) : archivedSet(archive);
  if (there && (replicasOf(live) > 0 || membersOf(live, podsOf(input.snapshot)).some((member) => member.pod !== undefined))) {
    throw new RefusedError(
      `the restore of ${name} has started its members already`,
      `kubectl sts-safe restore ${name} finishes it; kubectl sts-safe delete ${name} takes it down again`,
    );
  }
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  const remove: readonly Step[] = there
    ? [
        {
          id: 'delete-set',
          title: `delete the empty StatefulSet ${name} that the restore created`,
          action: { do: 'write', write: { kind: 'delete-set', uid: live.metadata.uid } },
          preconditions: [{ that: 'set-is', uid: live.metadata.uid, replicas: 0 }, { that: 'no-members' }],
          verify: [{ is: 'set-gone', uid: live.metadata.uid }],
          timeoutMs,
        },
      ]
    : [];
  const close: Step = {
    id: 'finish',
    title: 'close the record',
    action: { do: 'write', write: { kind: 'close-record', carrier: 'index', setDeleted: true } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
  return {
    ...common(input, findings),
    summary: `cancel restore of StatefulSet ${name}: it stays deleted, its claims stay`,
    fate: [],
    plannedOn: [{ object: `archive/${archive.name}`, uid: archive.id, fields: { there } }],
    steps: [...remove, close],
    putBack: record.putBack,
    archive: archive.name,
  };
}

function common(
  input: Input,
  findings: readonly Finding[],
): Pick<PlanDraft, 'schema' | 'operation' | 'cluster' | 'target' | 'options' | 'allowed' | 'findings' | 'consent'> {
  return {
    schema: 1,
    operation: 'cancel',
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: {},
    allowed: input.allowed,
    findings,
    consent: { kind: 'yes-no' },
  };
}

function cancelFate(input: Input, live: StatefulSet, target: number): readonly Fate[] {
  const end = startOf(live) + target;
  return memberFates({ ...live, spec: { ...live.spec, replicas: Math.max(target, replicasOf(live)) } }, input.snapshot, (ordinal) =>
    ordinal < end ? 'runs' : 'removed',
  );
}
