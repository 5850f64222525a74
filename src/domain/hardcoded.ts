import type { Container, PodSpec } from './kube.ts';
import { ordinalIn } from './naming.ts';

/** A place of the template that repeats how many members there are, or who they are (semantics, signature 41). */
export interface Hardcoded {
  readonly container: string;
  /** `env[ZK_REPLICAS]`, or `args`. */
  readonly place: string;
  /** What stands there, shortened. */
  readonly text: string;
  /** For an environment variable that is nothing but the count: its name. */
  readonly variable?: string;
}

/** Names by which programs are told the size of their cluster: ZK_REPLICAS, --servers, CLUSTER_SIZE, -bootstrap-expect … */
const COUNT =
  /(^|_)(replicas?|members?|servers?|nodes?|peers?|instances?|cluster_size|ensemble|quorum_size|bootstrap_expect)(_(count|size|num|number))?$/;

/** Numbers of something else that end alike: MIN_INSYNC_REPLICAS, DEFAULT_REPLICAS, MAX_SERVERS, READ_REPLICAS. */
const OTHER = /(^|_)(min|minimum|max|maximum|default|insync|per|read|shards?|index)(_|$)/;

function isCount(name: string): boolean {
  const plain = name.toLowerCase().replace(/[.-]/g, '_');
  return COUNT.test(plain) && !OTHER.test(plain);
}

/**
 * Where the template says that there are exactly these members: a count under a telling name in an environment variable
 * or a flag, or a list of all their names. A list of some (seeds) is none.
 */
export function hardcodedMembers(spec: PodSpec, setName: string, ordinals: readonly number[]): readonly Hardcoded[] {
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) => [
    ...inEnvironment(container, setName, ordinals),
    ...inCommand(container, setName, ordinals),
  ]);
}

function inEnvironment({ name: container, env }: Container, setName: string, ordinals: readonly number[]): readonly Hardcoded[] {
  return (env ?? []).flatMap(({ name, value = '' }): readonly Hardcoded[] => {
    const place = `env[${name}]`;
    if (isCount(name) && value.trim() === String(ordinals.length)) return [{ container, place, text: `${name}=${value}`, variable: name }];
    return lists(value, setName, ordinals) ? [{ container, place, text: shorten(`${name}=${value}`) }] : [];
  });
}

const FLAG = /(?<=^|[\s"'])-{1,2}([A-Za-z][\w.-]*)[=\s]\s*(\d+)(?=$|[\s"';,])/g;

/** Flags may be spread over two arguments, or stand in one line for a shell. */
function inCommand({ name: container, command, args }: Container, setName: string, ordinals: readonly number[]): readonly Hardcoded[] {
  return Object.entries({ command, args }).flatMap(([place, words = []]) => [
    ...[...words.join(' ').matchAll(FLAG)]
      .filter(([, flag = '', number]) => isCount(flag) && Number(number) === ordinals.length)
      .map(([text]) => ({ container, place, text })),
    ...words.filter((word) => lists(word, setName, ordinals)).map((word) => ({ container, place, text: shorten(word) })),
  ]);
}

/** The text names exactly these members, and there are at least two. */
function lists(text: string, setName: string, ordinals: readonly number[]): boolean {
  if (ordinals.length < 2) return false;
  const named = new Set(text.split(/[^A-Za-z0-9-]+/).map((word) => ordinalIn(setName, word)));
  named.delete(undefined);
  return named.size === ordinals.length && ordinals.every((ordinal) => named.has(ordinal));
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
