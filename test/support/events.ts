import type { World } from './world.ts';

/** A Kubernetes Event as the operation writes it. */
interface StepEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

/** What the cluster was told of finished steps, by the step's id: one Event each. */
export async function toldSteps(world: World, reason: string): Promise<ReadonlyMap<string, StepEvent>> {
  const told = (await world.api.list<StepEvent>(world.path('events'))).filter((event) => event.reason === reason);
  const byStep = new Map(told.map((event) => [event.message?.split(':')[0] ?? '', event]));
  if (byStep.size !== told.length) throw new Error(`a step was told twice: ${told.map(({ message }) => message).join(', ')}`);
  return byStep;
}
