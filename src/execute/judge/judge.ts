import type { Claim, Pod } from '../../domain/kube.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Condition } from '../../plan/condition.ts';
import { judgeClaims } from './claims.ts';
import { fails, type Judgement } from './judgement.ts';
import { judgeLeftAlone } from './left-alone.ts';
import { isOfNode, judgeNode } from './node.ts';
import { judgeOwned } from './owned.ts';
import { isOfPods, judgePods } from './pods.ts';
import { judgeRollout } from './rollout.ts';
import { judgeSet } from './set.ts';
import { judgeVolumes } from './volumes.ts';

/** The one judge of conditions: preconditions, waits, verification and `status --wait` all ask it. Unknown never holds. */
export function judge(condition: Condition, snapshot: Snapshot): Judgement {
  if (isOfNode(condition)) return judgeNode(condition, snapshot);
  if (isOfPods(condition)) return withPods(snapshot, (pods) => judgePods(condition, pods, snapshot));
  switch (condition.is) {
    case 'left-alone':
      return withPods(snapshot, (pods) => judgeLeftAlone(condition, pods, snapshot));
    case 'rolled-out':
      return withPods(snapshot, (pods) => judgeRollout(condition, pods, snapshot));
    case 'owns-only':
      return withPods(snapshot, (pods) => judgeOwned(condition, pods, snapshot));
    case 'claims-unchanged':
    case 'claims-unowned':
    case 'claims-outlast':
    case 'claims-gone':
    case 'claim-expanded':
      return withClaims(snapshot, (claims) => judgeClaims(condition, claims, snapshot));
    case 'claim-released':
    case 'volume-kept':
    case 'volume-reserved':
    case 'volume-bound':
    case 'volume-gone':
      return withClaims(snapshot, (claims) => judgeVolumes(condition, claims, snapshot));
    case 'set-observed':
    case 'revision-settled':
    case 'set-gone':
    case 'set-present':
    case 'set-is':
    case 'set-absent':
    case 'set-unchanged':
      return judgeSet(condition, snapshot);
  }
}

function withPods(snapshot: Snapshot, judgeThem: (pods: readonly Pod[]) => Judgement): Judgement {
  const pods = sliceOf(snapshot, 'pods');
  return pods.state === 'read' ? judgeThem(pods.value) : fails(pods.state === 'unknown' ? pods.message : 'Pods cannot be listed');
}

function withClaims(snapshot: Snapshot, judgeThem: (claims: readonly Claim[]) => Judgement): Judgement {
  const claims = sliceOf(snapshot, 'claims');
  return claims.state === 'read' ? judgeThem(claims.value) : fails(claims.state === 'unknown' ? claims.message : 'PVCs cannot be listed');
}
