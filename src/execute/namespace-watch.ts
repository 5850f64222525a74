import { ApiError, ChangedError } from '../domain/errors.ts';
import type { Namespace } from '../domain/kube.ts';
import { isTerminating, podsNamedAfter } from '../domain/members.ts';
import { isNamespaceTerminating } from '../domain/namespace.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { isOfVolume } from '../plan/condition.ts';
import type { Step } from '../plan/plan.ts';
import type { ExecutePorts } from './ports.ts';

/**
 * Notices that the namespace is being deleted while a step waits: its controller deletes all Pods at once, so a Pod that ends
 * although no step has told it to is worth one read of the namespace. A watch would need rights that users of one namespace
 * do not have.
 */
export class NamespaceWatch {
  readonly #ports: Pick<ExecutePorts, 'verbs'>;
  readonly #seen = new Set<string>();

  constructor(ports: Pick<ExecutePorts, 'verbs'>) {
    this.#ports = ports;
  }

  /** @throws ChangedError when everything in the namespace is being destroyed */
  async check(step: Step, snapshot: Snapshot): Promise<void> {
    // What belongs to no namespace outlives it: to keep a volume is most wanted then.
    if (step.verify.every(isOfVolume)) return;
    const ending = unexpectedEnds(step, snapshot).filter((uid) => !this.#seen.has(uid));
    if (ending.length === 0) return;
    for (const uid of ending) this.#seen.add(uid);
    if (await this.#isTerminating(snapshot.target.namespace))
      throw new ChangedError(`namespace ${snapshot.target.namespace} is Terminating`);
  }

  async #isTerminating(name: string): Promise<boolean> {
    try {
      const namespace = (await this.#ports.verbs.get(pathOf(refTo('namespaces', '', name)))) as Namespace | undefined;
      return namespace !== undefined && isNamespaceTerminating(namespace);
    } catch (error) {
      // It may not be read, or not now: what it does to the steps is noticed all the same, later.
      if (error instanceof ApiError) return false;
      throw error;
    }
  }
}

/** UIDs of Pods of the set that are terminating and that this step does not remove. */
function unexpectedEnds({ fallback, verify }: Step, { target, ...snapshot }: Snapshot): readonly string[] {
  const told = new Set([
    fallback?.delete.name,
    ...verify.flatMap((condition) => {
      if (condition.is === 'pod-gone') return [condition.pod.name];
      return condition.is === 'no-pod' ? [condition.name] : [];
    }),
  ]);
  const pods = [...podsNamedAfter(target.name, listOf({ target, ...snapshot }, 'pods')).values()];
  return pods.flatMap((pod) => (isTerminating(pod) && !told.has(pod.metadata.name) ? [pod.metadata.uid] : []));
}
