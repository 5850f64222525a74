import type { ObjectIdentity } from './condition.ts';
import type { Plan } from './plan.ts';

/** What the garbage collector deletes with the Pods that a plan removes: everything that the plan named for it, each once. */
export function deletedWithPods({ steps }: Pick<Plan, 'steps'>): readonly ObjectIdentity[] {
  const named = steps.flatMap(({ preconditions }) => preconditions.flatMap((one) => (one.is === 'owns-only' ? one.named : [])));
  return [...new Map(named.map((object) => [object.uid, object])).values()];
}
