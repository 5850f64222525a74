import type { CoreEvent, Pod, StatefulSet } from './kube.ts';
import { podsNamedAfter } from './members.ts';
import { ordinalIn } from './naming.ts';

/** Events live an hour by default, and the controller retries every few minutes: an older one tells nothing of now. */
export const RECENT_MS = 20 * 60 * 1000;

/**
 * Why the controller cannot create a missing member, in a few words; undefined when nothing says that it cannot.
 *
 * @param name of the missing member
 * @param events of the namespace; without them only a released Pod is seen
 * @param now server's time, milliseconds
 */
export function whyUncreatable(
  set: StatefulSet,
  name: string,
  pods: readonly Pod[],
  events: readonly CoreEvent[],
  now: number,
): string | undefined {
  const ordinal = ordinalIn(set.metadata.name, name);
  // A relabelled Pod is released by the controller and keeps the name (#55559; semantics, signature 25).
  if (ordinal !== undefined && podsNamedAfter(set.metadata.name, pods).has(ordinal))
    return `a Pod ${name} exists that the set does not control`;
  const failure = events.filter((event) => isFailedCreate(event, set, name)).toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  if (failure === undefined || now - timeOf(failure) > RECENT_MS) return undefined;
  return causeIn(failure.message ?? '');
}

function isFailedCreate({ reason, message, involvedObject }: CoreEvent, set: StatefulSet, name: string): boolean {
  const { metadata } = set;
  const aboutSet = involvedObject.kind === 'StatefulSet' && involvedObject.name === metadata.name;
  return aboutSet && reason === 'FailedCreate' && (message ?? '').includes(`Pod ${name} in StatefulSet`);
}

/** When it was last seen, milliseconds since the epoch; 0 where it does not say. */
export function timeOf({ lastTimestamp, eventTime, metadata }: CoreEvent): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

/** `create Pod web-2 in StatefulSet web failed error: pods "web-2" is forbidden: exceeded quota: …` from its cause on. */
function causeIn(message: string): string {
  const after = message.split('failed error: ')[1] ?? message;
  return after.replace(/^(pods|Pod) "[^"]*" is (forbidden|invalid): /, '');
}
