import type { StatefulSet } from '../domain/kube.ts';
import type { Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import { paths } from '../domain/verbs.ts';
import type { Step } from '../plan/plan.ts';

/**
 * Makes the function that tells the cluster of each finished step as a Kubernetes Event. Nobody waits for it, and a
 * failed one stops nothing (principle 3); `settled` lets the last ones go out before the process ends.
 */
export function announcer(
  verbs: ApiVerbs,
  target: Target,
  operation: OperationName,
  serverNow: () => number,
): { announce: (step: Step, set: StatefulSet | undefined) => void; settled: () => Promise<void> } {
  const pending = new Set<Promise<unknown>>();
  let uid: string | undefined;
  const announce = (step: Step, set: StatefulSet | undefined): void => {
    uid = set?.metadata.uid ?? uid;
    const sent = verbs
      .create(paths.events(target.namespace), eventOf(step, target, operation, uid, serverNow()))
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

function eventOf(step: Step, target: Target, operation: OperationName, uid: string | undefined, now: number): Record<string, unknown> {
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${target.name.slice(0, 200)}.`, namespace: target.namespace },
    involvedObject: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: target.name,
      namespace: target.namespace,
      ...(uid === undefined ? {} : { uid }),
    },
    type: 'Normal',
    reason: `StsSafe${operation.charAt(0).toUpperCase()}${operation.slice(1)}`,
    message: `${step.id}: ${step.title}`,
    source: { component: 'kubectl-sts-safe' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
