import type { StatefulSet } from '../domain/kube.ts';
import { collectionOf, typeOf } from '../domain/object-ref.ts';
import { subjectOf, type Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { OperatePorts } from './ports.ts';

/**
 * Makes the function that tells the cluster of each finished step as a Kubernetes Event. Nobody waits for it, and a
 * failed one stops nothing (principle 3); `settled` lets the last ones go out before the process ends.
 */
export function announcer(
  { verbs, serverNow }: Pick<OperatePorts, 'verbs' | 'serverNow'>,
  { target, operation }: Pick<Plan, 'target' | 'operation'>,
  reason: string | undefined,
): { announce: (step: Step, set: StatefulSet | undefined) => void; settled: () => Promise<void> } {
  const pending = new Set<Promise<unknown>>();
  let uid: string | undefined;
  const announce = (step: Step, set: StatefulSet | undefined): void => {
    uid = set?.metadata.uid ?? uid;
    const sent = verbs
      .create(collectionOf('events', placeOf(target)), eventOf(step, { target, operation, uid, reason, now: serverNow() }))
      // An Event is a courtesy to whoever looks later: without permission or quota for it the operation is as good.
      .catch(() => undefined)
      .finally(() => pending.delete(sent));
    pending.add(sent);
  };
  return {
    announce,
    settled: async () => {
      await Promise.all(pending);
    },
  };
}

/** Events about what has no namespace are in `default` (client-go/tools/record). */
function placeOf({ namespace }: Target): string {
  return namespace === '' ? 'default' : namespace;
}

interface Occasion {
  readonly target: Target;
  readonly operation: OperationName;
  readonly uid: string | undefined;
  readonly reason: string | undefined;
  /** Server's time, milliseconds. */
  readonly now: number;
}

function eventOf(step: Step, { target, operation, uid, reason, now }: Occasion): Record<string, unknown> {
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${target.name.slice(0, 200)}.`, namespace: placeOf(target) },
    involvedObject: {
      ...typeOf(subjectOf(target).resource),
      name: target.name,
      ...(target.namespace === '' ? {} : { namespace: target.namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
    type: 'Normal',
    reason: `StsSafe${operation.replaceAll(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase())}`,
    message: `${step.id}: ${step.title}${reason === undefined ? '' : ` (${reason})`}`.slice(0, 1024),
    source: { component: 'kubectl-sts-safe' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
