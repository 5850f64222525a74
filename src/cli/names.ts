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

/** The one name that a command needs. */
export function oneSetName(args: readonly string[]): string {
  const [name, ...more] = setNames(args);
  if (name === undefined) {
    const hint = args[0] === undefined ? 'add its name: NAME or statefulset/NAME' : `for a StatefulSet of that name write sts/${args[0]}`;
    throw new UsageError('which StatefulSet?', hint);
  }
  if (more.length > 0) throw new UsageError(`one StatefulSet at a time, not ${[name, ...more].join(', ')}`);
  return name;
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

/** RFC 1123 subdomain, the rule for names of nodes (apimachinery, NameIsDNSSubdomain). */
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** As kubectl knows them. */
const kindOfNode = /^(?:nodes?|no)$/i;
const kindOfPod = /^(?:pods?|po)$/i;

/**
 * The one node that a command is about: `node-1`, `node/node-1`.
 * @throws UsageError for none, several, another kind or what cannot be a name
 */
export function oneNodeName(args: readonly string[]): string {
  return oneName(args, 'node', kindOfNode);
}

/** The same of a Pod. */
export function onePodName(args: readonly string[]): string {
  return oneName(args, 'pod', kindOfPod);
}

function oneName(args: readonly string[], kind: 'node' | 'pod', kinds: RegExp): string {
  const [first, ...more] = args;
  const word = kind === 'pod' ? 'Pod' : kind;
  if (first === undefined) throw new UsageError(`which ${word}?`, `add its name: ${kind.toUpperCase()} or ${kind}/${kind.toUpperCase()}`);
  if (more.length > 0) throw new UsageError(`one ${word} at a time, not ${args.join(', ')}`);
  const slash = first.indexOf('/');
  const name = first.slice(slash + 1);
  if (slash >= 0 && !kinds.test(first.slice(0, slash)))
    throw new UsageError(`${first} is not a ${word}`, `write ${name} or ${kind}/${name}`);
  if (!subdomain.test(name))
    throw new UsageError(`"${name}" cannot be the name of a ${word}`, 'a name has lowercase letters, digits, "-" and ".", at most 253');
  return name;
}

const kindOfClaim = /^(?:pvc|persistentvolumeclaims?)(?:\.v1)?$/i;

/**
 * Names of PVCs as people write them: `data-web-0`, `pvc/data-web-0`.
 * @throws UsageError for another kind or for what cannot be a name
 */
export function claimNames(args: readonly string[]): readonly string[] {
  return [...new Set(args.map(claimName))];
}

/** The one PVC that a command needs. */
export function oneClaimName(args: readonly string[]): string {
  const [name, ...more] = claimNames(args);
  if (name === undefined) throw new UsageError('which PVC?', 'add its name');
  if (more.length > 0) throw new UsageError(`one PVC at a time, not ${[name, ...more].join(', ')}`);
  return name;
}

function claimName(arg: string): string {
  const slash = arg.indexOf('/');
  const name = arg.slice(slash + 1);
  if (slash >= 0 && !kindOfClaim.test(arg.slice(0, slash))) throw new UsageError(`${arg} is not a PVC`, `write ${name} or pvc/${name}`);
  if (!subdomain.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a PVC`, 'a name has lowercase letters, digits, "-" and ".", at most 253');
  }
  return name;
}

/** @throws UsageError when this cannot be a namespace; undefined passes. */
export function checkNamespace(namespace: string | undefined): void {
  if (namespace === undefined || namespace === '' || label.test(namespace)) return;
  throw new UsageError(`"${namespace}" cannot be a namespace`, 'a namespace has small letters, digits and "-", at most 63');
}
