import type { Finding } from '../domain/finding.ts';
import type { Target } from '../domain/snapshot.ts';
import { type FoundRecord, type OperationName, RECORD_ANNOTATION } from '../domain/stored.ts';
import { operationToRun } from '../findings/draft.ts';
import { CANCEL } from '../operations/back.ts';
import { operationNamed } from '../operations/registry.ts';
import { describeHolder, lastSign } from '../record/takeover.ts';
import { resumingCommand } from './asked.ts';

type Valid = Extract<FoundRecord, { state: 'valid' }>;

/**
 * Another operation is open on this set, and this command is not the one that goes on with it.
 * @param options what it was begun with, where that is known: only then its command can be typed
 */
export function otherOperation(target: Target, found: Valid, why: string, options?: Readonly<Record<string, unknown>>): Finding {
  const { record } = found;
  return {
    id: 'other-operation',
    severity: 'blocks',
    override: 'never',
    grade: 'proven',
    subject: { kind: 'statefulset', name: target.name, namespace: target.namespace },
    message: `${record.kind} of ${describeHolder(record.holder)} is open on ${target.name} at step ${record.cursor}: ${why}`,
    evidence: [
      { object: carrierOf(target, found), field: 'record.kind', value: record.kind },
      { object: carrierOf(target, found), field: 'record.phase', value: record.phase },
      { object: carrierOf(target, found), field: 'record.cursor', value: record.cursor },
      ...(record.reason === undefined ? [] : [{ object: carrierOf(target, found), field: 'record.reason', value: record.reason }]),
      { object: carrierOf(target, found), field: 'last heartbeat', value: new Date(lastSign(found)).toISOString() },
    ],
    remedies: isGoingBack(found)
      ? [...goingOn(target, record.kind, {}), ...givingUp(target, found)]
      : [...goingOn(target, record.kind, options), operationToRun(CANCEL, target.name, {}, 'cancels it')],
  };
}

function isGoingBack({ record }: Valid): boolean {
  return operationNamed(record.kind)?.goesBack === true;
}

/** A way back that has to create the set again, and may be refused that for good, has no way back of its own. */
function givingUp(target: Target, found: Valid): Finding['remedies'] {
  if (!isGoingBack(found) || found.carrier !== 'index') return [];
  return [{ ...removal(target, found), why: 'gives up: the StatefulSet stays deleted; its saved manifest and its PVCs are retained' }];
}

function goingOn(target: Target, command: OperationName, options: Readonly<Record<string, unknown>> | undefined): Finding['remedies'] {
  if (options === undefined) return [];
  const typed = resumingCommand(command, options);
  return [operationToRun(typed.operation, target.name, typed.options, 'resumes it')];
}

/** A record that is not readable is never guessed at: nobody knows what it promises. */
export function damagedRecord(target: Target, found: Extract<FoundRecord, { state: 'damaged' }>): Finding {
  return {
    id: 'other-operation',
    severity: 'blocks',
    override: 'never',
    grade: 'unknown',
    subject: { kind: 'statefulset', name: target.name, namespace: target.namespace },
    message: `the record on ${target.name} cannot be read (${found.message}); it may be of a newer version, or damaged`,
    evidence: [{ object: carrierOf(target, found), field: 'record', value: found.raw }],
    remedies: [removal(target, found)],
  };
}

/** Takes the record off by hand: the last way out, for whoever knows that nobody is at work. */
export function removal(target: Target, found: FoundRecord): Finding['remedies'][number] {
  const why = 'after a look at the set, if nobody is at work on it';
  if (found.carrier === 'set') return { do: 'kubectl', args: ['annotate', 'statefulset', target.name, `${RECORD_ANNOTATION}-`], why };
  return {
    do: 'kubectl',
    args: ['patch', 'secret', `sts-safe.${target.name}`, '--type=json', '-p', '[{"op":"remove","path":"/data/record"}]'],
    why,
  };
}

/** The record came here with a copied manifest: it is about an object that is gone. */
export function copiedRecord(target: Target, found: Valid): Finding {
  return {
    ...otherOperation(target, found, 'but it is about another object of that name'),
    message: `the record on ${target.name} is about another object of that name; it was copied with the annotations`,
    remedies: [removal(target, found)],
  };
}

/** Its holder is at work: neither going on nor back is anybody else's, until it is silent. */
export function busyOperation(target: Target, found: Valid, why: string): Finding {
  return {
    ...otherOperation(target, found, why),
    message: `${found.record.kind} is at step ${found.record.cursor} of ${target.name}: ${why}`,
    remedies: [
      {
        do: 'operation',
        operation: 'operations',
        options: {},
        why: 'shows it; ask who holds it, or wait: after 40 s without a heartbeat it can be taken over',
      },
    ],
  };
}

function carrierOf(target: Target, found: FoundRecord): string {
  return found.carrier === 'set' ? `statefulset/${target.name}` : `secret/sts-safe.${target.name}`;
}
