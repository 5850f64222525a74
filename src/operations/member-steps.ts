import type { RetentionPolicy, StatefulSet } from '../domain/kube.ts';
import { releasedPods } from '../domain/members.ts';
import { memberName, startOf } from '../domain/naming.ts';
import { type ObjectRef, type Resource, refTo } from '../domain/object-ref.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { changeOf, type FieldChange } from '../plan/action.ts';
import type { Condition } from '../plan/condition.ts';
import type { Step } from '../plan/plan.ts';
import { ownsOnly } from './dependents.ts';
import { podsOf } from './planned-on.ts';

export interface ScaleDownFacts {
  readonly set: StatefulSet;
  readonly snapshot: Snapshot;
  /** spec.replicas before the first step and after the last. */
  readonly from: number;
  readonly to: number;
  readonly timeoutMs: number;
  /**
   * The retention policy that every step rests on: with another one, the controller takes claims away with the member
   * (KEP-1847). Undefined where the server has no such field.
   */
  readonly retention: RetentionPolicy | undefined;
  /** The owner references of the set's PVCs are taken off before the first step. */
  readonly sparesClaims: boolean;
  /** Ordinals that must be Ready before the first member goes, and again after each; none where the operation goes to zero. */
  readonly stayingReady: readonly number[];
}

/**
 * One step a member, highest ordinal first, Parallel sets too: replicas goes down by one, and the step ends when no Pod
 * of that name is left. Out of range, it is not re-created [X], so "no Pod of that name" is exact.
 */
export function scaleDownSteps(facts: ScaleDownFacts): readonly Step[] {
  const { set, from, to } = facts;
  const owned = ownsOnly(set, facts.snapshot, facts.sparesClaims, (ordinal) => ordinal < startOf(set) || ordinal >= startOf(set) + to);
  const released = new Set(releasedPods(set, podsOf(facts.snapshot)).map((pod) => pod.metadata.name));
  return Array.from({ length: Math.max(0, from - to) }, (_, index) => {
    const replicas = from - index - 1;
    const pod = memberName(set.metadata.name, startOf(set) + replicas);
    // A released Pod of that name is not the set's to remove; the operator allowed to leave it.
    const gone: readonly Condition[] = released.has(pod) ? [] : [{ is: 'no-pod', name: pod }];
    const ready = readyBelow(startOf(set) + replicas, facts);
    return {
      id: `scale-down/${startOf(set) + replicas}`,
      title: `remove member ${pod}`,
      action: changeOf(refOf(set), set.metadata.uid, [
        { path: '/spec/replicas', from: replicas + 1, to: replicas },
        ...asItIs(facts.retention),
      ]),
      leaves: replicas,
      preconditions: [
        { is: 'set-is', uid: set.metadata.uid, replicas: replicas + 1 },
        // Between two removals it has just been verified.
        ...(index === 0 ? ready : []),
        ...owned(startOf(set) + replicas),
      ],
      // A Pod that is missing may be about to be created, until the controller has seen that it shall not.
      verify: [{ is: 'set-observed', uid: set.metadata.uid }, ...gone, ...ready],
      fallback: leftAlone(set, pod, ready.length === 0 ? undefined : startOf(set) + to),
      timeoutMs: facts.timeoutMs,
    };
  });
}

export function refOf(set: StatefulSet): ObjectRef {
  return refBeside(set, 'statefulsets', set.metadata.name);
}

/** An object in the namespace of the set. */
export function refBeside({ metadata: { namespace = '' } }: StatefulSet, resource: Resource, name: string): ObjectRef {
  return refTo(resource, namespace, name);
}

/** A step that waits for a Pod to go deletes it itself where the controller's own rules say that it will not. */
export function leftAlone(set: StatefulSet, pod: string, stayingBelow?: number): NonNullable<Step['fallback']> {
  const { uid: setUid } = set.metadata;
  return {
    delete: refBeside(set, 'pods', pod),
    when: { is: 'left-alone', pod, setUid, ...(stayingBelow === undefined ? {} : { stayingBelow }) },
  };
}

function asItIs(retention: RetentionPolicy | undefined): readonly FieldChange[] {
  if (retention === undefined) return [];
  const value = { ...retention };
  return [{ path: '/spec/persistentVolumeClaimRetentionPolicy', from: value, to: value }];
}

function readyBelow(ordinal: number, { stayingReady }: ScaleDownFacts): readonly Condition[] {
  return stayingReady.length === 0 ? [] : [{ is: 'members-ready', ordinals: stayingReady.filter((staying) => staying < ordinal) }];
}

/** Step `archive`: always the first of an operation that begins on a live set. */
export function archiveStep(
  archive: string,
  timeoutMs: number,
  { place = 'secret', service }: { readonly place?: 'secret' | 'file'; readonly service?: string } = {},
): Step {
  return {
    id: 'archive',
    title: place === 'file' ? "save the set's manifest in the file of --save-to" : `save the set's manifest in Secret ${archive}`,
    action: { do: 'write', write: { verb: 'archive', archive, place, ...(service === undefined ? {} : { service }) } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}

/** Waits until these members are ready; no step where there are none. */
export function readySteps(ordinals: readonly number[], timeoutMs: number): readonly Step[] {
  if (ordinals.length === 0) return [];
  return [
    {
      id: 'members',
      title: ordinals.length === 1 ? 'wait until the member is ready' : `wait until all ${ordinals.length} members are ready`,
      action: { do: 'wait' },
      preconditions: [],
      verify: [{ is: 'members-ready', ordinals }],
      timeoutMs: timeoutMs * ordinals.length,
    },
  ];
}
