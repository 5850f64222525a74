import type { StatefulSet } from '../domain/kube.ts';
import { memberName, startOf } from '../domain/naming.ts';
import { type ObjectRef, type Resource, refTo } from '../domain/object-ref.ts';
import type { Target } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';

/**
 * Records say what their step may delete, and the replicas that it leaves. Those of version 0.1 say it by their cursor alone:
 * this is the one place that reads ids of steps.
 */

/** The object that the step at the cursor may be about to delete. */
export function pendingIn({ pending, cursor }: OperationRecord, target: Target): ObjectRef | undefined {
  const { resource, name } = pending ?? pendingAtCursor(cursor, target.name) ?? {};
  return resource === undefined || name === undefined ? undefined : refTo(resource, target.namespace, name);
}

function pendingAtCursor(cursor: string, set: string): { readonly resource: Resource; readonly name: string } | undefined {
  const [step = '', about = ''] = cursor.split('/');
  switch (step) {
    case 'scale-down':
    case 'left-over':
      return { resource: 'pods', name: memberName(set, Number(about)) };
    case 'delete-claim':
      return { resource: 'persistentvolumeclaims', name: about };
    case 'delete-service':
      return { resource: 'services', name: about };
    case 'delete-set':
      return { resource: 'statefulsets', name: set };
    default:
      return undefined;
  }
}

/** Steps of a deletion that come when the last member has been removed. */
const AT_ZERO: ReadonlySet<string> = new Set(['hand-over', 'delete-set']);

/** The replicas at which an operation stopped, where its record can say it. */
export function leftIn({ left, kind, cursor, putBack }: OperationRecord, set: StatefulSet): number | undefined {
  if (left !== undefined) return left;
  const [step = '', about = ''] = cursor.split('/');
  if (step === 'scale-down') return Number(about) - startOf(set);
  if (step === 'scale-up') return Number(about) - startOf(set) + 1;
  if (kind === 'delete') return AT_ZERO.has(step) || (step === 'left-over' && Number(about) < startOf(set)) ? 0 : putBack.replicas;
  return undefined;
}
