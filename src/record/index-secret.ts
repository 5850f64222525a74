import { archiveThatMatters } from '../domain/archives.ts';
import type { Secret } from '../domain/kube.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import type { Target } from '../domain/snapshot.ts';
import type { ArchiveEntry, FoundArchive, FoundRecord, StoredState } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import { ARCHIVE_LABELS, decodeArchive, indexName, SET_LABEL } from './archive.ts';

/**
 * The index Secret `sts-safe.<set>`: fixed name, so that `get` is enough to read it. Keys: `index` (list of archives),
 * and while no set exists `record` and `heartbeat`. Every write to it tests its resourceVersion.
 */

const decode = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
export const encode = (value: string): string => Buffer.from(value, 'utf8').toString('base64');

/** Reads everything of ours about one set. Only `get`: index first, then the one archive that matters. */
export async function readStored(verbs: Pick<ApiVerbs, 'get'>, target: Target, wanted?: string): Promise<StoredState> {
  const secret = (await verbs.get(pathOf(refTo('secrets', target.namespace, indexName(target.name))))) as Secret | undefined;
  if (secret === undefined) return { entries: [] };
  const entries = entriesOf(secret);
  const record = await recordOf(secret);
  const name = wanted ?? (record?.state === 'valid' ? record.record.archive : archiveThatMatters(entries)?.name);
  const archive = name === undefined ? undefined : await readArchive(verbs, target.namespace, name);
  return {
    index: secret,
    entries,
    ...(record === undefined ? {} : { record }),
    ...(archive === undefined ? {} : { archive }),
  };
}

/** One archive by name; undefined when that Secret is not there. */
export async function readArchive(verbs: Pick<ApiVerbs, 'get'>, namespace: string, name: string): Promise<FoundArchive | undefined> {
  const secret = (await verbs.get(pathOf(refTo('secrets', namespace, name)))) as Secret | undefined;
  return secret === undefined ? undefined : decodeArchive(secret);
}

/** The list of archives; an index that cannot be read counts as empty, since the archives themselves are what matters. */
export function entriesOf(secret: Secret): readonly ArchiveEntry[] {
  const text = decode(secret.data?.['index']);
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as ArchiveEntry[]) : [];
  } catch {
    return [];
  }
}

/** Few sets have one, and its schema takes longer to load than all the rest. */
async function recordOf(secret: Secret): Promise<FoundRecord | undefined> {
  const raw = decode(secret.data?.['record']);
  if (raw === undefined) return undefined;
  const { decodeRecord } = await import('./codec.ts');
  return decodeRecord(raw, 'index', decode(secret.data?.['heartbeat']));
}

/** What to write to the index; `null` takes a key away. */
export interface IndexChange {
  readonly entries?: readonly ArchiveEntry[];
  readonly record?: string | null;
  readonly heartbeat?: string | null;
}

/** The first index Secret of a set. */
export function newIndex(target: Target, change: IndexChange): Record<string, unknown> {
  const data: Record<string, string> = {};
  if (change.entries !== undefined) data['index'] = encode(JSON.stringify(change.entries));
  if (typeof change.record === 'string') data['record'] = encode(change.record);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'sts-safe.dev/index',
    metadata: {
      name: indexName(target.name),
      namespace: target.namespace,
      labels: { ...ARCHIVE_LABELS, 'sts-safe.dev/kind': 'index', [SET_LABEL]: target.name },
    },
    data,
  };
}

/** Patch of an existing index. Tests uid and resourceVersion: whoever else wrote it meanwhile wins, and we say so. */
export function indexPatch(secret: Secret, change: IndexChange): readonly JsonPatchOp[] {
  const ops: JsonPatchOp[] = [
    { op: 'test', path: '/metadata/uid', value: secret.metadata.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: secret.metadata.resourceVersion },
  ];
  if (secret.data === undefined) ops.push({ op: 'add', path: '/data', value: {} });
  const put = (key: string, value: string | null | undefined): void => {
    if (typeof value === 'string') ops.push({ op: 'add', path: `/data/${key}`, value: encode(value) });
    else if (value === null && secret.data?.[key] !== undefined) ops.push({ op: 'remove', path: `/data/${key}` });
  };
  put('index', change.entries === undefined ? undefined : JSON.stringify(change.entries));
  put('record', change.record);
  put('heartbeat', change.heartbeat);
  return ops;
}
