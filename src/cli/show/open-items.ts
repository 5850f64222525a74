import type { ClusterReader, Transport } from '../../cluster/api.ts';
import { listAll } from '../../cluster/list.ts';
import { ApiError } from '../../domain/errors.ts';
import type { Secret } from '../../domain/kube.ts';
import { type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import type { FoundRecord } from '../../domain/stored.ts';
import { paths } from '../../domain/verbs.ts';
import { begunWith, nextCommands } from '../../operate/next-commands.ts';
import { openRecord } from '../../operate/open-record.ts';
import { removal } from '../../operate/other-operation.ts';
import type { LookPorts } from '../../operate/ports.ts';
import { commandLine, type Place, placeOf } from '../../plan/commandline.ts';
import { recordOnSet } from '../../record/codec.ts';
import { entriesOf } from '../../record/index-secret.ts';
import { clientOf, inProgress, lastSign, mayTake } from '../../record/takeover.ts';
import type { OpenItem } from '../../render/operations.ts';
import { type FoundArchiveName, type FoundIndex, leftBehind } from './left-behind.ts';
import { required } from './required.ts';

export interface Scope {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Connection flags for the printed commands. */
  readonly flags: Place['flags'];
}

export interface Open {
  readonly items: readonly OpenItem[];
  /** Why there may be more than these: Secrets may not be listed. */
  readonly unseen?: string;
}

const selectorOf = (kind: string): string => `app.kubernetes.io/managed-by=kubectl-sts-safe,sts-safe.dev/kind=${kind}`;
const indexPrefix = 'sts-safe.';

/**
 * Everything of ours that is open: operations on sets, and on the index Secrets of sets that are not there at the moment;
 * deleted sets that can be restored; archives that nothing names.
 */
export async function openItems(scope: Scope, ports: LookPorts, transport: Transport): Promise<Open> {
  const { reader } = ports;
  const [sets, secrets] = await Promise.all([allSets(scope, reader), allSecrets(scope, transport)]);
  const { indexes, archives } = secrets;
  const recorded = [...recordedSets(sets), ...indexes.filter(({ hasRecord }) => hasRecord).map(({ target }) => target)];
  const targets = [...new Map(recorded.map((target) => [`${target.namespace}/${target.name}`, target])).values()];
  const items = await Promise.all(targets.map((target) => itemOf(target, ports)));
  const open = items.flatMap((item) => item ?? []);
  const sorted = [...open, ...leftBehind(indexes, archives, sets, open, scope.flags)];
  return {
    items: sorted.toSorted((a, b) => (`${a.namespace}/${a.set}` < `${b.namespace}/${b.set}` ? -1 : 1)),
    ...(secrets.unseen === undefined ? {} : { unseen: secrets.unseen }),
  };
}

interface FoundSecrets {
  readonly indexes: readonly FoundIndex[];
  readonly archives: readonly FoundArchiveName[];
  readonly unseen?: string;
}

/** Many may not list Secrets: then what stands on sets is still told, and that there may be more. */
async function allSecrets(scope: Scope, transport: Transport): Promise<FoundSecrets> {
  try {
    // Archives first: one that is being written is entered in its index before.
    const archives = await allArchives(scope, transport);
    const indexes = await allIndexes(scope, transport);
    return { indexes, archives };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    return { indexes: [], archives: [], unseen: error.message };
  }
}

async function allSets({ namespace }: Scope, reader: ClusterReader): Promise<readonly Snapshot[]> {
  const { snapshots, sets } = await reader.readMany(['set'], namespace === undefined ? {} : { namespace });
  required(sets);
  return snapshots;
}

function recordedSets(snapshots: readonly Snapshot[]): readonly Target[] {
  return snapshots.flatMap((snapshot) => {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' && recordOnSet(set.value) !== undefined ? [snapshot.target] : [];
  });
}

const secretsOf = ({ namespace }: Scope): string => (namespace === undefined ? '/api/v1/secrets' : paths.secrets(namespace));

async function allIndexes(scope: Scope, transport: Transport): Promise<readonly FoundIndex[]> {
  const { items } = await listAll(transport, {
    path: secretsOf(scope),
    labelSelector: selectorOf('index'),
    decode: (raw): FoundIndex | undefined => {
      const secret = raw as Secret;
      const { name, namespace = '' } = secret.metadata;
      if (!name.startsWith(indexPrefix)) return undefined;
      const target = { namespace, name: name.slice(indexPrefix.length) };
      return { target, hasRecord: secret.data?.['record'] !== undefined, entries: entriesOf(secret) };
    },
  });
  return items;
}

/** By their metadata: the archives themselves are large, and hold what a set's environment holds. */
async function allArchives(scope: Scope, transport: Transport): Promise<readonly FoundArchiveName[]> {
  const { items } = await listAll(transport, {
    path: secretsOf(scope),
    labelSelector: selectorOf('archive'),
    metadataOnly: true,
    decode: ({ metadata: { name, namespace = '', creationTimestamp } }): FoundArchiveName => ({
      namespace,
      name,
      ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
    }),
  });
  return items;
}

async function itemOf(target: Target, ports: LookPorts): Promise<OpenItem | undefined> {
  const snapshot = await ports.reader.read(['set', 'stored'], target);
  const open = openRecord(snapshot);
  if (!open) return undefined;
  const { namespace, name } = target;
  const { found } = open;
  if (found.state === 'damaged') {
    const forget = commandLine(removal(target, found), placeOf(snapshot));
    return { namespace, set: name, what: 'damaged-record', goBackWith: forget };
  }
  const { record } = found;
  return {
    namespace,
    set: name,
    what: 'operation',
    operation: record.kind,
    phase: record.phase,
    by: clientOf(record.holder),
    since: record.holder.since,
    heartbeat: new Date(lastSign(found)).toISOString(),
    cursor: record.cursor,
    archive: record.archive,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(await wayOf(found, snapshot, ports)),
  };
}

/** What would be accepted; a running operation is its holder's alone, and described. */
async function wayOf(
  found: Extract<FoundRecord, { state: 'valid' }>,
  snapshot: Snapshot,
  ports: LookPorts,
): Promise<Pick<OpenItem, 'continueWith' | 'goBackWith' | 'note'>> {
  const { record } = found;
  if (mayTake(found, ports.liveness(record.holder), snapshot.now).kind === 'held') return { note: inProgress(found, snapshot.now) };
  const { isKnown, ways, why, byHand } = await nextCommands(record.id, begunWith(record, snapshot), snapshot.target, ports);
  const place = placeOf(snapshot);
  if (isKnown && why !== undefined) {
    const note = `neither resume nor cancel is possible now: ${why}`;
    return { note, ...(byHand === undefined ? {} : { goBackWith: commandLine(byHand, place) }) };
  }
  if (isKnown) return ways;
  // A user who may not do it is told what another may.
  const cancel = commandLine({ operation: 'cancel', name: snapshot.target.name, options: {} }, place);
  const known = record.kind === 'cancel' ? { continueWith: cancel } : { goBackWith: cancel };
  return { ...known, ...ways, ...(why === undefined ? {} : { note: `not possible for this user: ${why}` }) };
}
