import { getOrUndefined } from '../../cluster/writes.ts';
import type { AccessNeed } from '../../domain/access.ts';
import { ApiError } from '../../domain/errors.ts';
import { pathOf, type Resource, refTo, typeOf } from '../../domain/object-ref.ts';
import { gateAccess } from '../../operations/access.ts';
import { type Gate, parseGate } from '../../plan/gate.ts';
import type { Step } from '../../runbook/schema.ts';
import type { Cluster } from '../session.ts';

/** What a step that is no operation is about, and what it asks of the API server. */
interface Reference {
  readonly resource: Resource;
  readonly name: string;
  readonly gate?: Gate;
}

/**
 * `--check` of a step that is no operation: what it names and is not there, and what it may not do. An operation before it could
 * create what it names, so then nothing is known.
 */
export async function missingFor(step: Step, before: readonly Step[], cluster: Cluster): Promise<readonly string[]> {
  const reference = referenceOf(step);
  if (reference === undefined || before.some((other) => mayCreate(other, reference))) return [];
  const { connection } = cluster;
  const { namespace, transport } = connection;
  const { resource, name, gate } = reference;
  try {
    if ((await getOrUndefined(transport, pathOf(refTo(resource, namespace, name)))) === undefined)
      return [`${typeOf(resource).kind} ${name} not found in namespace ${namespace}`];
  } catch (error) {
    if (error instanceof ApiError) return [error.message];
    throw error;
  }
  const needs = gate === undefined ? [] : gateAccess({ gate, pod: '' }, { namespace }).map(({ name: _name, ...need }): AccessNeed => need);
  const denied = await cluster.reader.denied(needs, () => undefined);
  return denied.map((need) => `you may not ${need.verb} ${need.resource} in namespace ${need.namespace ?? ''}`);
}

function referenceOf(step: Step): Reference | undefined {
  if ('wait' in step) return { resource: 'statefulsets', name: step.target };
  // What a program in a Pod asks is what a gate by one does.
  if ('exec' in step) return { resource: 'pods', name: step.pod, gate: { ask: 'exec', command: step.exec.join(' ') } };
  if (!('gate' in step)) return undefined;
  const gate = parseGate(step.gate, step.prometheus, step.dnsServer);
  return { resource: 'statefulsets', name: step.target, ...(gate === undefined ? {} : { gate }) };
}

function mayCreate(other: Step, { resource, name }: Reference): boolean {
  return 'operation' in other && (resource === 'pods' || other.target === undefined || other.target === name);
}
