import type { TObject, TSchema } from 'typebox';
import { parseGoDuration } from '../cluster/duration.ts';
import { suggestion } from '../domain/near.ts';
import { entryOf } from '../findings/catalogue.ts';
import { everyOperation, operationNamed } from '../operations/registry.ts';
import { MILLISECONDS } from '../operations/timeouts.ts';
import { GATE_FORMS, parseGate } from '../plan/gate.ts';
import { optionsInRunbook } from './files.ts';
import { filled, type Values } from './parameters.ts';
import { verbOf } from './read.ts';
import { type GateStep, type OperationStep, type Runbook, type Step, stepSchemas } from './schema.ts';
import { faultsOfShape } from './shape.ts';
import type { Fault, Path, Source } from './source.ts';

/** Steps as they are carried out: every parameter in its place, times in the operations' own unit. */
export interface Filled {
  readonly steps: readonly Step[];
  /** What is wrong with them, with these values of the parameters. */
  readonly faults: readonly Fault[];
}

/** Puts the parameters into the steps, and finds what is wrong with them then. Nothing is asked of a cluster. */
export function filledSteps({ steps }: Runbook, values: Values, source: Source): Filled {
  const faults: Fault[] = [];
  const done = steps.map((written, index) => {
    const step = filled(written, values);
    const at = ['steps', index] as const;
    faults.push(...faultsOf(step, source, at));
    return 'operation' in step ? withTimes(step) : step;
  });
  return { steps: done, faults };
}

function faultsOf(step: Step, source: Source, at: Path): readonly Fault[] {
  const subject = `step ${step.name}`;
  // What a parameter has made of it: a number where a text must be.
  const shape = faultsOfShape(stepSchemas[verbOf(step)], step, source, at, subject);
  if (shape.length > 0) return shape;
  const { timeout } = step;
  const time =
    timeout === undefined || isTime(timeout)
      ? []
      : [source.fault([...at, 'timeout'], `${subject}: timeout "${timeout}" is no duration`, 'write one such as 30m')];
  if ('operation' in step) return [...time, ...faultsOfOperation(step, source, at, subject)];
  if ('gate' in step) return [...time, ...faultsOfGate(step, source, at, subject)];
  return time;
}

function faultsOfOperation(step: OperationStep, source: Source, at: Path, subject: string): readonly Fault[] {
  const operation = operationNamed(step.operation);
  if (operation === undefined) {
    const known = everyOperation().map(({ id }) => id);
    return [source.fault([...at, 'operation'], `${subject}: there is no operation ${step.operation}`, suggestion(step.operation, known))];
  }
  const schema = { ...operation.options, properties: optionsInRunbook(operation), additionalProperties: false } as TObject;
  const isNamed = step.target !== undefined || operation.subject === 'persistentvolumeclaims';
  return [
    ...(isNamed ? [] : [source.fault(at, `${subject} has no target`, 'add target: NAME')]),
    ...faultsOfShape(schema, optionsOf(step), source, [...at, 'options'], `${subject}: options of ${operation.id}`),
    ...(step.allow ?? []).flatMap((id, index) =>
      entryOf(id) === undefined
        ? [source.fault([...at, 'allow', index], `${subject}: there is no finding ${id}`, 'see kubectl sts-safe explain')]
        : [],
    ),
  ];
}

function faultsOfGate({ gate, prometheus, dnsServer }: GateStep, source: Source, at: Path, subject: string): readonly Fault[] {
  if (parseGate(gate, prometheus, dnsServer) !== undefined) return [];
  return [source.fault([...at, 'gate'], `${subject}: "${gate}" is no gate`, `write ${GATE_FORMS}`)];
}

type Option = TSchema & { readonly pattern?: string };

/** With the PVC that is the target, where the operation takes several by name. */
export function optionsOf(step: OperationStep): Readonly<Record<string, unknown>> {
  const { options = {}, target, operation } = withTimes(step);
  const takesNames = operationNamed(operation)?.options.properties['names'] !== undefined;
  return takesNames && options['names'] === undefined ? { ...options, names: target === undefined ? [] : [target] } : options;
}

/** In a runbook `2m`; an operation's options hold milliseconds. */
function withTimes(step: OperationStep): OperationStep {
  const properties: Readonly<Record<string, Option>> | undefined = operationNamed(step.operation)?.options.properties;
  if (step.options === undefined || properties === undefined) return step;
  const options = Object.fromEntries(
    Object.entries(step.options).map(([key, value]) => [
      key,
      properties[key]?.pattern === MILLISECONDS && typeof value === 'string' && isTime(value) ? `${milliseconds(value)}ms` : value,
    ]),
  );
  return { ...step, options };
}

const isTime = (text: string): boolean => (parseGoDuration(text) ?? -1) >= 0;

/** Of a Go duration that was checked. */
export function milliseconds(text: string): number {
  return Math.round(parseGoDuration(text) ?? 0);
}
