import { ApiError } from '../../domain/errors.ts';
import { type ObjectRef, pathOf, singularOf } from '../../domain/object-ref.ts';
import { podNeeds } from '../../domain/pod-needs.ts';
import type { ApiVerbs } from '../../domain/verbs.ts';
import type { PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';

/** What the Pods that run now need and is gone. What may not be looked at is taken to be there: the Pods run. */
export async function lostNeeds({ snapshot }: PlanInput<unknown>, verbs: Pick<ApiVerbs, 'get'>): Promise<readonly string[]> {
  const needs = podNeeds(liveSet(snapshot).spec.template, snapshot.target.namespace);
  const looked = await Promise.all(
    needs.map(async (ref) => ((await isThere(ref, verbs)) ? [] : [`${singularOf(ref.resource)}/${ref.name}`])),
  );
  return looked.flat();
}

async function isThere(ref: ObjectRef, verbs: Pick<ApiVerbs, 'get'>): Promise<boolean> {
  try {
    return (await verbs.get(pathOf(ref))) !== undefined;
  } catch (error) {
    if (error instanceof ApiError) return true;
    throw error;
  }
}
