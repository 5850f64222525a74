import type { Evidence, KubectlRemedy, OperationRemedy, Subject } from '../domain/finding.ts';
import type { KubeObject } from '../domain/kube.ts';
import { type SliceName, type Slices, type Snapshot, sliceOf } from '../domain/snapshot.ts';

/** The words that every check's drafts are made of. Kinds are kubectl's singular resource names: `pod`, `statefulset`. */

export function subjectOf(kind: string, { metadata }: Pick<KubeObject, 'metadata'>): Subject {
  return { kind, name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
}

/** One thing that was read: `seen('pod/web-1', 'status.phase', 'Pending')`. What is not there reads `<none>`. */
export function seen(object: string, field: string, value: string | number | boolean | undefined): Evidence {
  return { object, field, value: value === undefined ? '<none>' : String(value) };
}

/** A kubectl call that helps; namespace and context are added where it is printed. */
export function kubectl(command: string, args: readonly string[], why?: string): KubectlRemedy {
  return { do: 'kubectl', args: [...command.split(' '), ...args], ...(why === undefined ? {} : { why }) };
}

/**
 * A command of the plugin about a StatefulSet that helps. A refusal leaves an operation out where it would be refused itself.
 */
export function operationToRun(operation: string, name: string, options: Readonly<Record<string, unknown>>, why: string): OperationRemedy {
  return { do: 'operation', operation, subject: { kind: 'statefulset', name }, options, why };
}

/** `kubectl patch KIND NAME --type merge -p JSON`. */
export function mergePatch(kind: string, name: string, patch: object, why?: string): KubectlRemedy {
  return kubectl('patch', [kind, name, '--type', 'merge', '-p', JSON.stringify(patch)], why);
}

type ListName = { [K in SliceName]: Slices[K] extends readonly unknown[] ? K : never }[SliceName];

/**
 * A list slice; empty where the API does not serve it, undefined where it is unknown. Then a check says nothing: the
 * operation reports the unknown.
 */
export function known<K extends ListName>(snapshot: Snapshot, name: K): Slices[K] | readonly [] | undefined {
  const reading = sliceOf(snapshot, name);
  if (reading.state === 'read') return reading.value;
  return reading.state === 'absent' ? [] : undefined;
}

/** `1 member`, `3 members`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `web-0, web-1, web-2`, and at most five of them by name. */
export function names(all: readonly string[]): string {
  return all.length <= 5 ? all.join(', ') : `${all.slice(0, 4).join(', ')} and ${all.length - 4} more`;
}
