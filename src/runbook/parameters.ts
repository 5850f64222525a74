import { parseGoDuration } from '../cluster/duration.ts';
import { UsageError } from '../domain/errors.ts';
import { suggestion } from '../domain/near.ts';
import type { Parameter, ParameterValue } from './schema.ts';
import type { Fault, Path, Source } from './source.ts';

export type Parameters = Readonly<Record<string, Parameter>>;
export type Values = Readonly<Record<string, ParameterValue>>;

const REFERENCE = /\$(\$|\{([A-Za-z][A-Za-z0-9_]*)\})/g;
const WHOLE = /^\$\{([A-Za-z][A-Za-z0-9_]*)\}$/;

/** A parameter that is named somewhere in a value. */
export interface Reference {
  readonly path: Path;
  readonly name: string;
}

/** Every `${name}` in the texts of a value; `$$` is a dollar sign. */
export function references(value: unknown, path: Path = []): readonly Reference[] {
  if (typeof value === 'string')
    return [...value.matchAll(REFERENCE)].flatMap(([, , name]) => (name === undefined ? [] : [{ path, name }]));
  if (Array.isArray(value)) return value.flatMap((item, index) => references(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => references(item, [...path, key]));
}

/** The same value with each parameter in its place. A text that is nothing but one becomes its value, number or truth. */
export function filled<T>(value: T, values: Values): T {
  return fill(value, values) as T;
}

function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const whole = WHOLE.exec(value)?.[1];
    if (whole !== undefined) return values[whole];
    return value.replaceAll(REFERENCE, (_, dollar: string, name?: string) => (name === undefined ? dollar : String(values[name])));
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, values)]));
}

/** Defaults and choices that are not of the parameter's type. */
export function faultsOfParameters(parameters: Parameters, source: Source): readonly Fault[] {
  return Object.entries(parameters).flatMap(([name, { type, default: preset, oneOf = [] }]) => {
    const at = ['parameters', name];
    const wrong = (value: ParameterValue, path: Path): readonly Fault[] =>
      isOf(type, value) ? [] : [source.fault(path, `parameter ${name}: ${JSON.stringify(value)} is no ${type}`, exampleOf(type))];
    const foreign = preset !== undefined && oneOf.length > 0 && !oneOf.includes(preset);
    return [
      ...(preset === undefined ? [] : wrong(preset, [...at, 'default'])),
      ...oneOf.flatMap((value, index) => wrong(value, [...at, 'oneOf', index])),
      ...(foreign ? [source.fault([...at, 'default'], `parameter ${name}: its default is none of ${oneOf.join(', ')}`)] : []),
    ];
  });
}

/**
 * The value of every parameter.
 * @param set as typed behind --set: `name=value`
 * @throws UsageError for a parameter that there is not, that has no value, or has one of another type
 */
export function valuesOf(parameters: Parameters, set: readonly string[]): Values {
  const typed = Object.fromEntries(set.map((text) => assignment(text, parameters)));
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const value = typed[name] ?? parameter.default;
      if (value === undefined) throw new UsageError(`parameter ${name} has no value`, `add --set ${name}=${exampleValue(parameter)}`);
      return [name, value];
    }),
  );
}

function assignment(text: string, parameters: Parameters): readonly [string, ParameterValue] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`invalid value "${text}" for --set`, 'write --set NAME=VALUE');
  const [name, raw] = [text.slice(0, at), text.slice(at + 1)];
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter === undefined) throw new UsageError(`the runbook has no parameter ${name}`, suggestion(name, Object.keys(parameters)));
  const { type, oneOf } = parameter;
  const value = read(type, raw);
  if (value === undefined || !isOf(type, value)) throw new UsageError(`parameter ${name}: "${raw}" is no ${type}`, exampleOf(type));
  if (oneOf !== undefined && !oneOf.includes(value)) throw new UsageError(`parameter ${name}: "${raw}" is none of ${oneOf.join(', ')}`);
  return [name, value];
}

function read(type: Parameter['type'], raw: string): ParameterValue | undefined {
  if (type === 'integer') return /^-?\d+$/.test(raw) ? Number(raw) : undefined;
  if (type === 'boolean') return raw === 'true' ? true : raw === 'false' ? false : undefined;
  return raw;
}

function isOf(type: Parameter['type'], value: ParameterValue): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'string' && (type === 'string' || (parseGoDuration(value) ?? -1) >= 0);
}

const EXAMPLES = { string: 'TEXT', integer: '3', boolean: 'true', duration: '5m' } as const;

const exampleValue = ({ type, oneOf }: Parameter): string => String(oneOf?.[0] ?? EXAMPLES[type]);

function exampleOf(type: Parameter['type']): string {
  return type === 'boolean' ? 'write true or false' : `write ${type === 'string' ? 'a text in quotes' : `one such as ${EXAMPLES[type]}`}`;
}
