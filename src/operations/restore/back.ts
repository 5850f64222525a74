import { RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { Step } from '../../plan/plan.ts';
import { backDraft, isSetThere } from '../back.ts';
import { closingRules } from '../back-rules.ts';
import { claimFates, memberFates } from '../fate.ts';
import { refOf } from '../member-steps.ts';
import type { BackInput, PlanDraft, WayBack } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { claimStates } from '../promised-claims.ts';
import { putBackIntent } from '../put-back.ts';
import { stepTimeout } from '../timeouts.ts';
import { isHeld, isOurs } from '../whose.ts';

/** Of all ways back, only this one deletes a set. */
export const restoreBack: WayBack = {
  toNothing: true,
  intent: putBackIntent,
  rules: () => closingRules,
  plan: (input, _intent, findings) => undoRestore(input, findings),
};

/**
 * Back from a restore. Before its members start that is easy; after it they run on their data, and taking them down
 * again is a delete, with a delete's consent. Pods that were adopted, and no more than that, ran before without a set. A set of that name that somebody else made is theirs: then all that is left is
 * to take our record off.
 * @throws RefusedError in that case
 */
function undoRestore(input: BackInput, findings: readonly Finding[]): PlanDraft {
  const { record, archive } = input.resume;
  const { name } = input.snapshot.target;
  const line = (operation: 'restore' | 'delete'): string => commandLine({ operation, name, options: {} }, placeOf(input.snapshot));
  const there = isSetThere(input) && isOurs(liveSet(input.snapshot), record, replicasOf(archivedSet(archive)));
  const live = there ? liveSet(input.snapshot) : archivedSet(archive);
  if (there && hasOnlyAdopted(live, input)) return releaseAdopted(input, live, findings);
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  if (there && (replicasOf(live) > 0 || membersOf(live, podsOf(input.snapshot)).some((member) => member.pod !== undefined))) {
    throw new RefusedError(
      `the restore of ${name} has started its members already`,
      `${line('restore')} finishes it; after that ${line('delete')} takes it down again`,
    );
  }
  return {
    ...backDraft(input, findings),
    summary: `cancel restore of StatefulSet ${name}: it stays deleted; its PVCs are retained`,
    changes: [],
    basedOn: [{ object: `archive/${archive.name}`, uid: archive.id, fields: { there } }],
    steps: [...(there ? [removeStep(live, timeoutMs)] : []), closeStep(timeoutMs)],
    putBack: record.putBack,
    archive: archive.name,
  };
}

function hasOnlyAdopted(live: StatefulSet, input: BackInput): boolean {
  const { record, archive } = input.resume;
  return record.asked?.options?.['adopt'] === true && isHeld(live, replicasOf(archivedSet(archive)));
}

/** The set goes as it came, around Pods that run: it retains every claim, and nothing that it owns is deleted with it. */
function releaseAdopted(input: BackInput, live: StatefulSet, findings: readonly Finding[]): PlanDraft {
  const { record, archive } = input.resume;
  const { name, uid } = live.metadata;
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  const pods = membersOf(live, podsOf(input.snapshot)).flatMap(({ pod }) => pod?.metadata ?? []);
  return {
    ...backDraft(input, findings),
    // For when this is stopped in its turn.
    options: { adopt: true },
    summary: `cancel restore of StatefulSet ${name}: delete it again (--cascade=orphan); its Pods and PVCs are left as they are`,
    changes: [
      { kind: 'StatefulSet', name, before: `${replicasOf(live)} replicas, held by its partition`, after: 'deleted (--cascade=orphan)' },
      ...memberFates(live, input.snapshot, () => 'stays, without a StatefulSet'),
      ...claimFates(live, input.snapshot, () => 'kept'),
    ],
    basedOn: plannedOnSet(live, input.snapshot),
    steps: [
      {
        ...removeStep(live, timeoutMs),
        title: `delete StatefulSet ${name} that the restore created (--cascade=orphan)`,
        preconditions: [
          { is: 'set-is', uid, replicas: replicasOf(live) },
          { is: 'pods-unchanged', pods: pods.map((pod) => ({ name: pod.name, uid: pod.uid })) },
          { is: 'claims-unchanged', claims: claimStates(live, input.snapshot) },
        ],
      },
      closeStep(timeoutMs),
    ],
    putBack: record.putBack,
    archive: archive.name,
  };
}

function removeStep(live: StatefulSet, timeoutMs: number): Step {
  const { name, uid } = live.metadata;
  return {
    id: 'delete-set',
    title: `delete the empty StatefulSet ${name} that the restore created`,
    action: {
      do: 'write',
      write: { verb: 'delete', ref: refOf(live), uid, propagation: 'Orphan' },
    },
    preconditions: [
      { is: 'set-is', uid, replicas: 0 },
      { is: 'no-members', but: [] },
    ],
    verify: [{ is: 'set-gone', uid }],
    timeoutMs,
  };
}

function closeStep(timeoutMs: number): Step {
  return {
    id: 'finish',
    title: 'close the record',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'index' } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}
