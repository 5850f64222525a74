import { UsageError } from '../domain/errors.ts';

/** `sts`, `statefulset`, `statefulsets`, with or without `.apps` or `.v1.apps`; kubectl does not look at the case. */
const kindOfSet = /^(?:sts|statefulsets?)(?:\.(?:v1\.)?apps)?$/i;

/**
 * RFC 1123 label, the rule for namespaces and, since 1.27, for StatefulSets (apimachinery, NameIsDNSLabel; kubernetes#114172): none
 * with a dot ever had Pods, and Secret sts-safe.web.1 is an archive of web, not the index of web.1.
 */
const label = /^(?=.{1,63}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/**
 * Names of StatefulSets as people write them: `web`, `sts/web`, `statefulset.apps/web`, or the type as an argument of
 * its own, `sts web db`.
 *
 * @returns the bare names, in order, each once.
 * @throws UsageError for another kind or for what cannot be a name.
 */
export function setNames(args: readonly string[]): readonly string[] {
  const [first, ...others] = args;
  const typed = first !== undefined && kindOfSet.test(first);
  if (typed && others.some((arg) => arg.includes('/'))) {
    throw new UsageError(`the type "${first}" stands before names that have one`, `write ${others.join(' ')}`);
  }
  return [...new Set((typed ? others : args).map(setName))];
}

function setName(arg: string): string {
  const slash = arg.indexOf('/');
  const kind = arg.slice(0, Math.max(slash, 0));
  const name = arg.slice(slash + 1);
  if (slash >= 0 && !kindOfSet.test(kind)) {
    // A StatefulSet of that name would be another object.
    const hint = kind === '' ? `write ${name} or statefulset/${name}` : 'the plugin works on StatefulSets of apps/v1 only';
    throw new UsageError(`${arg} is not a StatefulSet: this works on StatefulSets only`, hint);
  }
  if (!label.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a StatefulSet`, 'a name has lowercase letters, digits and "-", at most 63');
  }
  return name;
}

/** RFC 1123 subdomain, the rule for names of nodes, Pods and PVCs (apimachinery, NameIsDNSSubdomain). */
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** @param type what may stand before the slash, as kubectl knows it */
function otherName(arg: string, what: string, type: RegExp, short: string): string {
  const slash = arg.indexOf('/');
  const name = arg.slice(slash + 1);
  if (slash >= 0 && !type.test(arg.slice(0, slash))) throw new UsageError(`${arg} is not a ${what}`, `write ${name} or ${short}/${name}`);
  if (subdomain.test(name)) return name;
  throw new UsageError(`"${name}" cannot be the name of a ${what}`, 'a name has lowercase letters, digits, "-" and ".", at most 253');
}

interface Naming {
  /** For messages. */
  readonly what: string;
  /** How one is written. */
  readonly written: string;
  /** The bare names, in order, each once. */
  read(args: readonly string[]): readonly string[];
}

const others = (what: string, type: RegExp, short: string): Naming => ({
  what,
  written: `NAME or ${short}/NAME`,
  read: (args) => [...new Set(args.map((arg) => otherName(arg, what, type, short)))],
});

/** What arguments can be names of. */
export const naming = {
  sets: { what: 'StatefulSet', written: 'NAME or statefulset/NAME', read: setNames },
  nodes: others('node', /^(?:nodes?|no)$/i, 'node'),
  pods: others('Pod', /^(?:pods?|po)$/i, 'pod'),
  pvcs: others('PVC', /^(?:pvc|persistentvolumeclaims?)(?:\.v1)?$/i, 'pvc'),
  // `web data=20Gi log=1Gi`: what has a "=" is no name.
  resizes: {
    what: 'StatefulSet',
    written: 'NAME TEMPLATE=SIZE',
    read: (args) => [...setNames(args.filter((arg) => !arg.includes('='))), ...args.filter((arg) => arg.includes('='))],
  },
  commands: { what: 'command', written: 'a command', read: (args) => args },
  files: { what: 'runbook', written: 'FILE', read: (args) => args },
  checks: { what: 'finding', written: 'an id', read: (args) => args },
} as const satisfies Record<string, Naming>;

export type NameKind = keyof typeof naming;

/** Where the completion takes names from: all of a kind, or those that a command can do something with. */
export type NameSource = NameKind | 'namespaces' | 'restorable sets' | 'open operations' | 'retired PVCs';

/** An argument, as far as names go; undefined where a command takes none. */
interface Argument {
  readonly names?: NameKind;
  readonly required?: boolean;
}

/**
 * The bare names among the arguments of a command.
 * @throws UsageError for another type or for what cannot be a name
 */
export function readNames(args: readonly string[], argument: Argument | undefined): readonly string[] {
  if (argument?.names === undefined) return args;
  const names = naming[argument.names].read(args);
  // The type alone: `scale sts`.
  if (argument.required === true && names.length === 0 && args[0] !== undefined)
    throw new UsageError('a StatefulSet name is required', `for a StatefulSet of that name write sts/${args[0]}`);
  return names;
}

/** @throws UsageError when this cannot be a namespace; undefined passes. */
export function checkNamespace(namespace: string | undefined): void {
  if (namespace === undefined || namespace === '' || label.test(namespace)) return;
  throw new UsageError(`"${namespace}" cannot be a namespace`, 'a namespace has small letters, digits and "-", at most 63');
}

/**
 * Names stand for themselves, in the namespace that is chosen.
 * @throws UsageError where they are given with what chooses others
 */
export function checkScope(
  names: readonly string[],
  flags: { 'all-namespaces'?: boolean | undefined; selector?: string | undefined },
): void {
  if (names.length > 0 && flags['all-namespaces'] === true) {
    throw new UsageError('a name has one namespace: NAME and --all-namespaces cannot be used together', 'use -n NAMESPACE');
  }
  if (names.length > 0 && flags.selector !== undefined)
    throw new UsageError('NAME and --selector cannot be used together', 'leave one of them out');
}
