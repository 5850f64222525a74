import { dangerousOwners, isLeftToCollector } from '../../domain/claims.ts';
import { explainClaimLeaving } from '../../domain/explain.ts';
import { isHeldByFinalizers } from '../../domain/finalizers.ts';
import type { Claim, StatefulSet } from '../../domain/kube.ts';
import { capacityOf, isSmaller } from '../../domain/sizes.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { ClaimIdentity, ClaimState, Condition } from '../../plan/condition.ts';
import { fails, HELD_MS, HOLDS, heldBack, type Judgement } from './judgement.ts';

export type ClaimCondition = Extract<
  Condition,
  { is: 'claims-unchanged' | 'claims-unowned' | 'claims-outlast' | 'claims-gone' | 'claim-expanded' }
>;

export function judgeClaims(condition: ClaimCondition, claims: readonly Claim[], snapshot: Snapshot): Judgement {
  const byName = new Map(claims.map((claim) => [claim.metadata.name, claim]));
  switch (condition.is) {
    case 'claims-gone':
      return judgeGone(
        condition.claims.map(({ name, uid }) => ({ uid, present: byName.get(name) })),
        snapshot,
      );
    case 'claim-expanded':
      return judgeExpanded(condition, byName.get(condition.claim.name));
    case 'claims-unchanged': {
      const problem = condition.claims.map((claim) => changeInWords(claim, byName.get(claim.name))).find((words) => words !== undefined);
      return problem === undefined ? HOLDS : fails(problem);
    }
    case 'claims-outlast':
      return judgeOutlasting(condition.claims, byName, snapshot);
    case 'claims-unowned': {
      const set = sliceOf(snapshot, 'set');
      const identity = { metadata: { name: condition.set, uid: condition.setUid } } as StatefulSet;
      const owned = condition.claims.find(({ name }) => {
        const claim = byName.get(name);
        return claim !== undefined && dangerousOwners(claim, set.state === 'read' ? set.value : identity).length > 0;
      });
      return owned === undefined ? HOLDS : fails(`PVC ${owned.name} is owned by the set or by one of its members`);
    }
  }
}

/** Conditions by which a driver tells how far an expansion is (pkg/apis/core, PersistentVolumeClaimConditionType). */
function judgeExpanded(
  { claim: { name, uid }, size }: Extract<ClaimCondition, { is: 'claim-expanded' }>,
  claim: Claim | undefined,
): Judgement {
  if (claim === undefined || claim.metadata.uid !== uid) return fails(`PVC ${name} was deleted by another client`);
  const capacity = capacityOf(claim);
  if (!isSmaller(capacity, size)) return HOLDS;
  const told = (claim.status.conditions ?? []).filter(({ status }) => status === 'True');
  const failed = told.find(({ type }) => type === 'ControllerResizeError' || type === 'NodeResizeError');
  if (failed !== undefined) return fails(`PVC ${name} has ${capacity}: ${failed.message ?? failed.type}`);
  const waits = told.some(({ type }) => type === 'FileSystemResizePending');
  return fails(
    `PVC ${name} has ${capacity}${waits ? ': its file system is expanded on its node, with some drivers only when its Pod is restarted' : ''}`,
  );
}

function judgeOutlasting(claims: readonly ClaimIdentity[], byName: ReadonlyMap<string, Claim>, snapshot: Snapshot): Judgement {
  const [set, pods] = [sliceOf(snapshot, 'set'), sliceOf(snapshot, 'pods')];
  if (set.state === 'unknown' || pods.state === 'unknown') return fails('the owners of the PVCs cannot be read');
  const live = set.state === 'read' ? set.value : undefined;
  const doomed = claims.find(({ name }) => {
    const claim = byName.get(name);
    return claim !== undefined && isLeftToCollector(claim, live, listOf(snapshot, 'podMetadata'));
  });
  return doomed === undefined ? HOLDS : fails(`PVC ${doomed.name} is about to be garbage-collected: its owners are gone`);
}

/** What still goes by itself is waited for before what a finalizer holds is told: that one keeps nobody else waiting. */
function judgeGone(claims: readonly { readonly uid: string; readonly present: Claim | undefined }[], snapshot: Snapshot): Judgement {
  const left = claims.flatMap(({ uid, present }) => (present?.metadata.uid === uid ? [present] : []));
  const going = left.find((claim) => !isHeldByFinalizers(claim));
  if (going !== undefined) return fails(explainClaimLeaving(going, snapshot));
  return left.length === 0 ? HOLDS : heldBack('PVC', left, HELD_MS);
}

function changeInWords(expected: ClaimState, claim: Claim | undefined): string | undefined {
  if (claim === undefined) return `PVC ${expected.name} is gone`;
  if (claim.metadata.uid !== expected.uid) return `PVC ${expected.name} is another object now`;
  if (claim.metadata.deletionTimestamp !== undefined) return `PVC ${expected.name} is being deleted`;
  // The same object, bound, has lost nothing: a member came to use it, or its volume was brought back.
  const bound = claim.status.phase === 'Bound';
  if ((claim.status.phase ?? '') !== expected.phase && !bound)
    return `PVC ${expected.name} is ${claim.status.phase ?? 'in no phase'}, was ${expected.phase}`;
  return undefined;
}
