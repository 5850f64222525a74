import type { KubectlRemedy, OperationRemedy, Remedy } from '../domain/finding.ts';
import type { ClusterRef, Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';

/** Where a printed command is to run: it must not run anywhere else, nor as anybody else. */
export interface Place {
  /** Empty where the command is about no namespace. */
  readonly namespace: string;
  /** Connection flags as words. */
  readonly flags: readonly string[];
}

/** The place of a snapshot, a plan, a refusal or a result. */
export function placeOf({ target, cluster }: { readonly target: Pick<Target, 'namespace'>; readonly cluster: ClusterRef }): Place {
  return { namespace: target.namespace, flags: cluster.flags };
}

/** A command of ours as data: what `resumeCommand`, `cancelCommand` and resumed operations are printed from. */
export interface OperationLine {
  readonly operation: OperationName;
  /** Of the set. */
  readonly name: string;
  /** Option names in camel case; `undefined` and `false` are left out. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * The one function that prints command lines (law 12), quoted for a POSIX shell; a test parses every line back
 * through the real parser.
 */
export function commandLine(command: OperationLine | Remedy, place: Place): string {
  return commandWords(command, place).map(shellQuote).join(' ');
}

/** The same before it is quoted, as a process is started with it. */
export function commandWords(command: OperationLine | Remedy, place: Place): readonly string[] {
  return 'operation' in command ? operationWords(command, place) : kubectlWords(command, place);
}

function operationWords(command: OperationLine | OperationRemedy, place: Place): readonly string[] {
  const { operation } = command;
  // Names of several objects, or of one Pod of the set, stand where that of the set does.
  const { names, pod, sizes, ...options } = command.options;
  const name = typeof pod === 'string' ? pod : 'name' in command ? command.name : command.subject?.name;
  const words = [
    ...(Array.isArray(names) ? names.map(String) : name === undefined ? [] : [name]),
    ...(Array.isArray(sizes) ? sizes.map(String) : []),
  ];
  return ['kubectl', 'sts-safe', ...operation.split(' '), ...words, ...optionWords(options), ...placeWords([], place)];
}

function kubectlWords({ args }: KubectlRemedy, place: Place): readonly string[] {
  const dashes = args.indexOf('--');
  const before = dashes < 0 ? args : args.slice(0, dashes);
  const after = dashes < 0 ? [] : args.slice(dashes);
  return ['kubectl', ...before, ...placeWords(before, place), ...after];
}

/** Options as they are typed: `--replicas 2`, `--with-service`. */
export function optionWords(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => flagWords(name, value));
}

function flagWords(name: string, value: unknown): readonly string[] {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === undefined || value === null || value === false) return [];
  if (value === true) return [flag];
  if (Array.isArray(value)) return listWords(flag, value.map(String));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.startsWith('-') ? [`${flag}=${text}`] : [flag, text];
}

/** `--allow a,b`; where a comma could be a part of a value, the flag once for each. */
function listWords(flag: string, values: readonly string[]): readonly string[] {
  if (values.length === 0) return [];
  return values.every((value) => /^[A-Za-z0-9%-]+$/.test(value)) ? [flag, values.join(',')] : values.flatMap((value) => [flag, value]);
}

/** `-n`, unless the arguments already say where, and how to come there. */
function placeWords(args: readonly string[], { namespace, flags }: Place): readonly string[] {
  const isSaid = args.some((arg) => /^(-n|-n.+|--namespace(=.*)?|-A|--all-namespaces)$/.test(arg));
  return [...(namespace === '' || isSaid ? [] : ['-n', namespace]), ...flags];
}

/** Single quotes only where a shell would read the word as something else. */
export function shellQuote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
