import { RefusedError } from '../../domain/errors.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { podsNamedAfter } from '../../domain/members.ts';
import { memberName, replicasOf, startOf } from '../../domain/naming.ts';
import { partitionOf, revisionOfTemplate } from '../../domain/revisions.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { PodIdentity } from '../../plan/condition.ts';
import { replicasLeft } from '../held.ts';
import { type Impact, impactOf } from '../impact.ts';
import type { PlanInput } from '../operation.ts';
import { podsOf } from '../planned-on.ts';
import { isOurs } from '../whose.ts';
import type { RestoreOptions } from './options.ts';

type Input = PlanInput<RestoreOptions>;

/** What becomes of what runs when the set is as it was saved, and the revision that its template then has, where that is known. */
export interface Adoption extends Impact {
  readonly revision: string | undefined;
}

/**
 * A restore that adopts finds Pods running, and the saved manifest may be of fewer, or of another template. Once it has
 * created the set, the template is what the server has made of it.
 */
export function adoptionOf(saved: StatefulSet, input: Input): Adoption {
  const created = createdSet(saved, input);
  const isLifted = created !== undefined && !isHeld(created, saved);
  const revision = isLifted ? undefined : revisionOfTemplate(created ?? saved);
  const places = input.options.adopt === true ? placesOf(saved, created, input) : new Map<number, Pod>();
  return { ...impactOf(places, { set: saved, revision }), revision };
}

/** Every place that runs, or that the set asks for until its fields are put back; after that they are no affair of a restore. */
function placesOf(saved: StatefulSet, created: StatefulSet | undefined, { snapshot, resume }: Input): ReadonlyMap<number, Pod | undefined> {
  const pods = podsNamedAfter(saved.metadata.name, podsOf(snapshot));
  const [start, end] = [startOf(saved), startOf(saved) + replicasOf(saved)];
  if (created !== undefined && !isHeld(created, saved)) return new Map([...pods].filter(([ordinal]) => ordinal >= start && ordinal < end));
  const left = resume === undefined ? undefined : replicasLeft(resume);
  const asked = Math.max(created === undefined ? 0 : replicasOf(created), left === undefined ? 0 : left + 1);
  const places = Array.from({ length: asked }, (_, index) => [start + index, pods.get(start + index)] as const);
  return new Map([...pods, ...places]);
}

/** The set that a restore which goes on has created. */
export function createdSet(saved: StatefulSet, { snapshot, resume }: Input): StatefulSet | undefined {
  const live = sliceOf(snapshot, 'set');
  if (resume === undefined || live.state !== 'read' || !isOurs(live.value, resume.record, replicasOf(saved))) return undefined;
  return live.value;
}

/** The partition above every Pod goes with the patch that puts the fields back: what was scaled after it is settled. */
function isHeld(created: StatefulSet, saved: StatefulSet): boolean {
  return partitionOf(created) >= Math.max(1, replicasOf(saved));
}

/**
 * The replicas of a set that a restore has created may be anybody's by now, and are put back all the same.
 * @throws RefusedError where that would take Pods down that nobody was shown: only those that were adopted may leave
 */
export function refuseForeignScale(saved: StatefulSet, created: StatefulSet, { snapshot, options, resume }: Input): void {
  const [now, then] = [replicasOf(created), replicasOf(saved)];
  const mayLeave = options.adopt === true && resume?.record.cursor !== 'put-back';
  if (now <= then || mayLeave || !isHeld(created, saved)) return;
  const { name } = snapshot.target;
  const scale = { do: 'kubectl', args: ['scale', 'statefulset', name, `--replicas=${then}`] } as const;
  throw new RefusedError(
    `StatefulSet ${name} was scaled to ${now} replicas in the meantime, and its archive has ${then}`,
    `${commandLine(scale, placeOf(snapshot))}, then the same command`,
  );
}

/**
 * The running Pods that a re-created set would take over: ordinals from the first on without a gap, so that "replicas =
 * the running ones" describes exactly them.
 * @throws RefusedError when there is a gap: the controller would fill it, or condemn what lies above
 */
export function adoptable(set: StatefulSet, snapshot: Snapshot): readonly PodIdentity[] {
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  const ordinals = [...pods.keys()].sort((a, b) => a - b);
  const gap = ordinals.find((ordinal, index) => ordinal !== startOf(set) + index);
  if (gap !== undefined)
    throw new RefusedError(
      `Pod ${memberName(set.metadata.name, gap)} runs but a lower one does not: adopting would start or remove members`,
    );
  return ordinals.map((ordinal) => ({ name: memberName(set.metadata.name, ordinal), uid: pods.get(ordinal)?.metadata.uid ?? '' }));
}
