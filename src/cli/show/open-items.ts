import type { ClusterReader, Transport } from '../../cluster/api.ts';
import { listAll } from '../../cluster/list.ts';
import type { Secret } from '../../domain/kube.ts';
import { type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import type { FoundRecord } from '../../domain/stored.ts';
import { paths } from '../../domain/verbs.ts';
import { openRecord } from '../../operate/open-record.ts';
import { commandLine } from '../../plan/commandline.ts';
import { recordOnSet } from '../../record/codec.ts';
import type { OpenItem } from '../../render/operations.ts';
import { required } from './required.ts';

export interface Scope {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** A context that the user named, for the printed commands. */
  readonly context?: string;
}

const indexSelector = 'app.kubernetes.io/managed-by=kubectl-sts-safe,sts-safe.dev/kind=index';
const indexPrefix = 'sts-safe.';

/** Every operation of ours that is open: on sets, and on the index Secrets of sets that are not there at the moment. */
export async function openItems(scope: Scope, reader: ClusterReader, transport: Transport): Promise<readonly OpenItem[]> {
  const targets = new Map<string, Target>();
  for (const target of [...(await recordedSets(scope, reader)), ...(await recordedIndexes(scope, transport))]) {
    targets.set(`${target.namespace}/${target.name}`, target);
  }
  const sorted = [...targets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
  const items = await Promise.all(sorted.map(async (target) => itemOf(await reader.read(['set', 'stored'], target), scope.context)));
  return items.flatMap((item) => item ?? []);
}

async function recordedSets({ namespace }: Scope, reader: ClusterReader): Promise<readonly Target[]> {
  const { snapshots, sets } = await reader.readMany(['set'], namespace === undefined ? {} : { namespace });
  required(sets);
  return snapshots.flatMap((snapshot) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' && recordOnSet(set.value) !== undefined ? [snapshot.target] : [];
  });
}

async function recordedIndexes({ namespace }: Scope, transport: Transport): Promise<readonly Target[]> {
  const { items } = await listAll(transport, {
    path: namespace === undefined ? '/api/v1/secrets' : paths.secrets(namespace),
    labelSelector: indexSelector,
    decode: (raw): Target | undefined => {
      const { metadata, data } = raw as Secret;
      if (data?.['record'] === undefined || !metadata.name.startsWith(indexPrefix)) return undefined;
      return { namespace: metadata.namespace ?? '', name: metadata.name.slice(indexPrefix.length) };
    },
  });
  return items;
}

function itemOf(snapshot: Snapshot, context: string | undefined): OpenItem | undefined {
  const open = openRecord(snapshot);
  if (!open) return undefined;
  const { namespace, name } = snapshot.target;
  if (open.found.state === 'damaged') return { namespace, set: name, what: 'damaged-record' };
  const { record, heartbeat } = open.found;
  return {
    namespace,
    set: name,
    what: 'operation',
    operation: record.kind,
    phase: record.phase,
    by: `${record.holder.user}@${record.holder.host}`,
    since: record.holder.since,
    ...(heartbeat === undefined ? {} : { heartbeat }),
    cursor: record.cursor,
    archive: record.archive,
    ...waysOn(open.found, snapshot, context),
  };
}

/** The same command, with the options that the archive holds, and the one that goes back. */
function waysOn(
  { record }: Extract<FoundRecord, { state: 'valid' }>,
  snapshot: Snapshot,
  context: string | undefined,
): Pick<OpenItem, 'continueWith' | 'goBackWith'> {
  const { target } = snapshot;
  const stored = sliceOf(snapshot, 'stored');
  const archive = stored.state === 'read' && stored.value.archive?.state === 'valid' ? stored.value.archive.archive : undefined;
  const goBack = { goBackWith: commandLine({ operation: 'cancel', target, options: {}, context }) };
  if (record.kind === 'cancel') return { continueWith: goBack.goBackWith };
  // Only the archive of this very operation, or the record itself, knows what was asked for.
  const options = record.asked?.options ?? (archive?.id === record.id ? archive.options : undefined);
  if (options === undefined) return goBack;
  return { continueWith: commandLine({ operation: record.kind, target, options, context }), ...goBack };
}
