import Type, { type TObject, type TSchema } from 'typebox';
import type { Goal } from '../inspect/status/goal.ts';
import { MILLISECONDS } from '../operations/timeouts.ts';
import type { Verb } from '../plan/run-result.ts';
import { optionsInRunbook } from './files.ts';

/** What a parameter may be. */
export type ParameterType = 'string' | 'integer' | 'boolean' | 'duration';
export type ParameterValue = string | number | boolean;

export interface Parameter {
  readonly type: ParameterType;
  readonly description?: string;
  /** Without one it has to be set. */
  readonly default?: ParameterValue;
  readonly oneOf?: readonly ParameterValue[];
}

interface Named {
  /** Of the step: what the journal, `--approve` and messages call it. */
  readonly name: string;
  /** A Go duration. */
  readonly timeout?: string;
}

/** An operation of the registry, about one object. */
export interface OperationStep extends Named {
  readonly operation: string;
  /** Name of the StatefulSet, PVC or node; PVCs can also be options. */
  readonly target?: string;
  /** As the operation's schema has them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly allow?: readonly string[];
  /** The name that this operation asks to be typed. */
  readonly confirm?: string;
  readonly reason?: string;
}

/** Somebody says yes, at the keyboard or by `--approve NAME`. */
export interface ApproveStep extends Named {
  /** The question. */
  readonly approve: string;
}

/** Until a StatefulSet is as it should be. */
export interface WaitStep extends Named {
  readonly wait: Goal;
  readonly target: string;
}

/** Until a gate is well for every Pod of a StatefulSet. */
export interface GateStep extends Named {
  readonly gate: string;
  readonly target: string;
  readonly prometheus?: string;
  readonly dnsServer?: string;
}

/** A program in a container; well is exit code 0. */
export interface ExecStep extends Named {
  readonly exec: readonly string[];
  readonly pod: string;
  readonly container?: string;
}

/** A program on this machine, without a shell; well is exit code 0. */
export interface CommandStep extends Named {
  readonly command: readonly string[];
}

export type Step = OperationStep | ApproveStep | WaitStep | GateStep | ExecStep | CommandStep;

export interface Runbook {
  readonly description?: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
}

export const API_VERSION = 'sts-safe.dev/v1';
export const KIND = 'Runbook';

const words = (description: string) => Type.Array(Type.String(), { minItems: 1, description });
const name = Type.String({ pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63, description: 'Of the step, unlike every other' });
const timeout = Type.Optional(Type.String({ description: 'How long it may take at most, such as 30m' }));
const target = Type.String({ minLength: 1, description: 'Name of the StatefulSet, PVC or node that it is about' });
const closed = { additionalProperties: false } as const;

/** Each kind of step by its verb. */
export const stepSchemas: Readonly<Record<Verb, TObject>> = {
  operation: Type.Object(
    {
      name,
      operation: Type.String({ description: "The command's words, such as rollout start" }),
      target: Type.Optional(target),
      options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Options of this operation' })),
      allow: Type.Optional(Type.Array(Type.String(), { description: 'Findings that may be passed, by id' })),
      confirm: Type.Optional(Type.String({ description: 'The name that this operation asks to be typed' })),
      reason: Type.Optional(Type.String({ description: 'Why; kept in the record of the operation' })),
      timeout,
    },
    closed,
  ),
  approve: Type.Object({ name, approve: Type.String({ minLength: 1, description: 'The question' }) }, closed),
  wait: Type.Object({ name, wait: Type.Enum(['healthy', 'updated', 'scaled']), target, timeout }, closed),
  gate: Type.Object(
    {
      name,
      gate: Type.String({ description: 'Asked about every Pod until it is well: exec:, http:, https:, promql:, srv or command:' }),
      target,
      prometheus: Type.Optional(Type.String({ description: 'NAMESPACE/SERVICE[:PORT], for promql:' })),
      dnsServer: Type.Optional(Type.String({ description: 'HOST[:PORT], for srv' })),
      timeout,
    },
    closed,
  ),
  exec: Type.Object(
    { name, exec: words('Program and arguments'), pod: Type.String({ minLength: 1 }), container: Type.Optional(Type.String()), timeout },
    closed,
  ),
  command: Type.Object({ name, command: words('Program and arguments, without a shell'), timeout }, closed),
};

const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

export const parameterSchema = Type.Object(
  {
    type: Type.Enum(['string', 'integer', 'boolean', 'duration']),
    description: Type.Optional(Type.String()),
    default: Type.Optional(value),
    oneOf: Type.Optional(Type.Array(value, { minItems: 1 })),
  },
  closed,
);

/** What a file holds beside its steps. */
export const headSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION),
    kind: Type.Literal(KIND),
    description: Type.Optional(Type.String()),
    parameters: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]*$' }), parameterSchema)),
    steps: Type.Array(Type.Unknown(), { minItems: 1 }),
  },
  closed,
);

/**
 * The schema that editors check a runbook with: each operation with its own options.
 * @param options schema of the options of each operation, by its id
 */
export function runbookSchema(options: Readonly<Record<string, TObject>>): TSchema {
  const { operation, ...others } = stepSchemas;
  const ofOperations = Object.entries(options).map(([id, schema]) =>
    Type.Object(
      { ...operation.properties, operation: Type.Literal(id), options: Type.Optional(Type.Object(asWritten(schema), closed)) },
      closed,
    ),
  );
  const steps = Type.Array(Type.Union([...ofOperations, ...Object.values(others)]), { minItems: 1 });
  return Type.Object({ ...headSchema.properties, steps }, closed);
}

/** In a file, times are written as `2m`, and `${parameter}` may stand for any value; what a plan finds out is nothing to write. */
function asWritten(options: TObject): Record<string, TSchema> {
  const reference = Type.String({ pattern: '\\$\\{[A-Za-z][A-Za-z0-9_]*\\}' });
  return Object.fromEntries(
    Object.entries(optionsInRunbook({ options })).map(([key, schema]) => [key, Type.Optional(Type.Union([timeOr(schema), reference]))]),
  );
}

function timeOr(schema: TSchema & { readonly pattern?: string; readonly description?: string }): TSchema {
  const { pattern, description = '' } = schema;
  return pattern === MILLISECONDS ? Type.String({ pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h))+$', description }) : schema;
}
