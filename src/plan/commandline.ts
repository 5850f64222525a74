import type { Remedy } from '../domain/finding.ts';
import type { Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';

/** Where a printed command is to run. */
export interface Place {
  readonly namespace: string;
  /** Given when the user named a context: the printed line must not run against another cluster. */
  readonly context?: string | undefined;
}

/** A command of ours as data: what `continueWith`, `goBackWith` and resumed operations are printed from. */
export interface OperationLine {
  readonly operation: OperationName | 'status' | 'doctor' | 'recover';
  readonly target: Target;
  /** Option names in camel case; `undefined` and `false` are left out. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly context?: string | undefined;
}

/**
 * The one function that prints command lines (law 12), quoted for a POSIX shell; a test parses every line back
 * through the real parser.
 */
export function commandLine(command: OperationLine): string;
export function commandLine(command: Remedy, place: Place): string;
export function commandLine(command: OperationLine | Remedy, place?: Place): string {
  const words = 'operation' in command ? operationWords(command) : remedyWords(command, place ?? { namespace: '' });
  return words.map(shellQuote).join(' ');
}

function operationWords({ operation, target, options, context }: OperationLine): readonly string[] {
  return [
    'kubectl',
    'sts-safe',
    operation,
    target.name,
    ...optionWords(options),
    ...placeWords([], { namespace: target.namespace, context }),
  ];
}

function remedyWords({ tool, command, args }: Remedy, place: Place): readonly string[] {
  const head = ['kubectl', ...(tool === 'sts-safe' ? ['sts-safe'] : []), ...command.split(' ')];
  const dashes = args.indexOf('--');
  const before = dashes < 0 ? args : args.slice(0, dashes);
  const after = dashes < 0 ? [] : args.slice(dashes);
  return [...head, ...before, ...placeWords(before, place), ...after];
}

/** Options as they are typed: `--replicas 2`, `--with-service`. */
export function optionWords(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => flagWords(name, value));
}

function flagWords(name: string, value: unknown): readonly string[] {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === undefined || value === null || value === false) return [];
  if (value === true) return [flag];
  if (Array.isArray(value)) return value.length === 0 ? [] : [flag, value.join(',')];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.startsWith('-') ? [`${flag}=${text}`] : [flag, text];
}

/** `-n` and `--context`, unless the arguments already say where. */
function placeWords(args: readonly string[], place: Place): readonly string[] {
  const said = (pattern: RegExp) => args.some((arg) => pattern.test(arg));
  const namespace = place.namespace === '' || said(/^(-n|-n.+|--namespace(=.*)?|-A|--all-namespaces)$/) ? [] : ['-n', place.namespace];
  const context = place.context === undefined || said(/^--context(=.*)?$/) ? [] : ['--context', place.context];
  return [...namespace, ...context];
}

/** Single quotes only where a shell would read the word as something else. */
export function shellQuote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
