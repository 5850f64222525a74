import { nearest, suggestion } from '../domain/near.ts';
import type { Verb } from '../plan/run-result.ts';
import { faultsOfParameters, references } from './parameters.ts';
import { headSchema, type Runbook, type Step, stepSchemas } from './schema.ts';
import { faultsOfShape } from './shape.ts';
import { type Fault, Source } from './source.ts';

/** A runbook as it is written, or everything that is wrong with it. */
export type Read =
  | { readonly state: 'read'; readonly runbook: Runbook; readonly source: Source }
  | { readonly state: 'faulty'; readonly faults: readonly Fault[] };

/** Reads a runbook, and finds what can be wrong with it whatever its parameters are. */
export function readRunbook(text: string): Read {
  const source = new Source(text);
  if (source.faults.length > 0) return { state: 'faulty', faults: source.faults };
  const { value } = source;
  const head = faultsOfShape(headSchema, value, source, [], 'the runbook');
  if (head.length > 0) return { state: 'faulty', faults: head };
  const runbook = { parameters: {}, ...(value as Partial<Runbook> & Pick<Runbook, 'steps'>) };
  const faults = [
    ...faultsOfParameters(runbook.parameters, source),
    ...runbook.steps.flatMap((_, index) => faultsOfStep(runbook, index, source)),
  ];
  return faults.length > 0 ? { state: 'faulty', faults } : { state: 'read', runbook, source };
}

const VERBS = Object.keys(stepSchemas) as readonly Verb[];

/** What a step does. */
export function verbOf(step: Step): Verb {
  return VERBS.find((verb) => Object.hasOwn(step, verb)) as Verb;
}

function faultsOfStep({ steps, parameters }: Runbook, index: number, source: Source): readonly Fault[] {
  const step: unknown = steps[index];
  const at = ['steps', index] as const;
  if (typeof step !== 'object' || step === null || Array.isArray(step))
    return [source.fault(at, `step ${index + 1} is no map`, 'write "- name: …" and what it does')];
  const { name } = step as Partial<Step>;
  const subject = typeof name === 'string' ? `step ${name}` : `step ${index + 1}`;
  const verbs = VERBS.filter((verb) => Object.hasOwn(step, verb));
  const [verb, second] = verbs;
  if (verb === undefined) return [nothingToDo(step, subject, source, at)];
  if (second !== undefined) return [source.faultOfKey([...at, second], `${subject} is both ${verb} and ${second}`, 'write two steps')];
  return [
    ...faultsOfShape(stepSchemas[verb], step, source, at, subject),
    ...twice(steps, index, source),
    ...references(step).flatMap(({ path, name: parameter }) =>
      Object.hasOwn(parameters, parameter)
        ? []
        : [
            source.fault(
              [...at, ...path],
              `${subject}: there is no parameter ${parameter}`,
              suggestion(parameter, Object.keys(parameters)),
            ),
          ],
    ),
  ];
}

function nothingToDo(step: object, subject: string, source: Source, at: readonly (string | number)[]): Fault {
  const meant = Object.keys(step)
    .map((key) => nearest(key, VERBS))
    .find((verb) => verb !== undefined);
  const hint = meant === undefined ? `add one of ${VERBS.join(', ')}` : `did you mean ${meant}?`;
  return source.fault(at, `${subject} does nothing`, hint);
}

function twice(steps: readonly Step[], index: number, source: Source): readonly Fault[] {
  const name = steps[index]?.name;
  const first = steps.findIndex((step) => step?.name === name);
  return name === undefined || first === index ? [] : [source.fault(['steps', index, 'name'], `step ${name} is there twice`)];
}

/** What a step does, in words. */
export function deedOf(step: Step): string {
  if ('operation' in step) return step.target === undefined ? step.operation : `${step.operation} ${step.target}`;
  if ('approve' in step) return `approve: ${step.approve}`;
  if ('wait' in step) return `wait until ${step.target} is ${step.wait}`;
  if ('gate' in step) return `gate ${step.gate} for every Pod of ${step.target}`;
  if ('exec' in step) return `${step.exec.join(' ')}, in Pod ${step.pod}`;
  return step.command.join(' ');
}
