import type { ClusterReader, Transport } from '../cluster/api.ts';
import { listAll } from '../cluster/list.ts';
import { readingOfFailure } from '../cluster/outcome.ts';
import { SET_RESOURCE } from '../cluster/slices/table.ts';
import { ApiError } from '../domain/errors.ts';
import type { Secret } from '../domain/kube.ts';
import { collectionOf } from '../domain/object-ref.ts';
import type { Snapshot, Target } from '../domain/snapshot.ts';
import { type FoundRecord, type Phase, RECORD_LABEL } from '../domain/stored.ts';
import type { Place } from '../plan/commandline.ts';
import { setOfSecret } from '../record/archive.ts';
import { entriesOf } from '../record/index-secret.ts';
import { clientOf, lastSign } from '../record/takeover.ts';
import { fencedNodes } from './fenced-nodes.ts';
import { keptVolumes, quarantinedClaims } from './kept-volumes.ts';
import { type FoundArchiveName, type FoundIndex, leftBehind } from './left-behind.ts';
import { required } from './required.ts';
import type { OpenRecordOf } from './status/look.ts';

/** Something of this program in a cluster that is not over (product, section 2, `operations`), with the commands that end it. */
export interface OpenItem extends OpenWays {
  readonly namespace: string;
  /** Absent for a PVC whose StatefulSet is not known. */
  readonly set?: string;
  readonly pvc?: string;
  readonly node?: string;
  /** The PersistentVolume that keeps its data. */
  readonly volume?: string;
  /**
   * An operation under its record, a record that cannot be read, a set that can be restored, an archive that nothing names; a PVC
   * that is retired or quarantined, and volumes that are protected; a node that is out of service.
   */
  readonly what:
    | 'operation'
    | 'damaged-record'
    | 'deleted-set'
    | 'unnamed-archive'
    | 'retired-pvc'
    | 'quarantined-pvc'
    | 'protected-volumes'
    | 'fenced-node';
  /** `scale`, `delete`, …; absent for a damaged record. */
  readonly operation?: string;
  readonly phase?: Phase;
  /** user@host. */
  readonly startedBy?: string;
  /** RFC 3339, server's clock. */
  readonly since?: string;
  /** Last sign of life, RFC 3339, server's clock. */
  readonly heartbeat?: string;
  /** The step that it came to. */
  readonly currentStep?: string;
  readonly archive?: string;
  /** --reason of who began it. */
  readonly reason?: string;
}

/** How it ends. */
export interface OpenWays {
  /** Command lines. */
  readonly resumeCommand?: string;
  readonly cancelCommand?: string;
  /** Instead of commands, why there are none: it is in progress, or neither would be accepted. */
  readonly note?: string;
}

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
  /** The same of retired PVCs and protected volumes. */
  readonly unseenVolumes?: string;
}

/** What the listing needs of the cluster, and of the operations: which record counts, and what would end it. */
export interface OpenPorts {
  readonly reader: Pick<ClusterReader, 'read' | 'readMany'>;
  readonly transport: Transport;
  readonly openRecord: OpenRecordOf;
  /** The commands that would be accepted now, by this user. */
  readonly waysOut: (found: FoundRecord, snapshot: Snapshot) => Promise<OpenWays>;
}

const selectorOf = (kind: string): string => `app.kubernetes.io/managed-by=kubectl-sts-safe,sts-safe.dev/kind=${kind}`;

/**
 * Everything of ours that is open: operations on sets, and on the index Secrets of sets that are not there at the moment;
 * deleted sets that can be restored; archives that nothing names.
 */
export async function openItems(scope: Scope, ports: OpenPorts): Promise<Open> {
  const { transport } = ports;
  const sets = readOnce(() => allSets(scope, ports.reader));
  const [onSets, secrets, kept, quarantined, nodes] = await Promise.all([
    recordedSets(scope, transport),
    allSecrets(scope, transport),
    keptVolumes(scope, sets, transport),
    quarantinedClaims(scope, transport),
    fencedNodes(transport, scope.flags),
  ]);
  const { indexes, archives } = secrets;
  const recorded = [...onSets, ...indexes.filter(({ hasRecord }) => hasRecord).map(({ target }) => target)];
  const targets = [...new Map(recorded.map((target) => [`${target.namespace}/${target.name}`, target])).values()];
  const open = (await Promise.all(targets.map((target) => itemOf(target, ports)))).flatMap((item) => item ?? []);
  const left = await leftBehind(indexes, archives, sets, { named: open, flags: scope.flags });
  const unseenVolumes = kept.unseen ?? quarantined.unseen;
  const sorted = [...open, ...left, ...kept.items, ...quarantined.items, ...nodes];
  return {
    items: sorted.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    ...(unseenVolumes === undefined ? {} : { unseenVolumes }),
    ...(secrets.unseen === undefined ? {} : { unseen: secrets.unseen }),
  };
}

const keyOf = ({ namespace, set, pvc, node }: OpenItem): string => `${namespace}/${set ?? pvc ?? node ?? ''}`;

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

/** All sets, templates and all, are only read where something asks which of them live. */
export type LivingSets = () => Promise<readonly Snapshot[]>;

function readOnce(read: LivingSets): LivingSets {
  let reading: ReturnType<LivingSets> | undefined;
  return () => (reading ??= read());
}

async function allSets({ namespace }: Scope, reader: OpenPorts['reader']): Promise<readonly Snapshot[]> {
  const { snapshots, sets } = await reader.readMany(['set'], namespace === undefined ? {} : { namespace });
  required(sets);
  return snapshots;
}

/**
 * By the label beside each record.
 * @throws RefusedError where sets may not be listed: nobody could tell what is open
 */
async function recordedSets({ namespace }: Scope, transport: Transport): Promise<readonly Target[]> {
  const { items } = await listAll(transport, {
    path: collectionOf('statefulsets', namespace),
    labelSelector: RECORD_LABEL,
    metadataOnly: true,
    decode: ({ metadata: { name, namespace: of = '' } }): Target => ({ namespace: of, name }),
  }).catch((error: unknown): never => {
    if (error instanceof ApiError)
      required(readingOfFailure(error, { verb: 'list', resource: SET_RESOURCE, namespace }, transport.serverNow()));
    throw error;
  });
  return items;
}

const secretsOf = ({ namespace }: Scope): string => collectionOf('secrets', namespace);

async function allIndexes(scope: Scope, transport: Transport): Promise<readonly FoundIndex[]> {
  const { items } = await listAll(transport, {
    path: secretsOf(scope),
    labelSelector: selectorOf('index'),
    decode: (raw): FoundIndex | undefined => {
      const secret = raw as Secret;
      const { namespace = '' } = secret.metadata;
      const name = setOfSecret(secret);
      if (name === undefined) return undefined;
      const target = { namespace, name };
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
    decode: (secret): FoundArchiveName | undefined => {
      const { name, namespace = '', creationTimestamp: created } = secret.metadata;
      const set = setOfSecret(secret);
      return set === undefined ? undefined : { namespace, name, set, ...(created === undefined ? {} : { created }) };
    },
  });
  return items;
}

async function itemOf(target: Target, { reader, openRecord, waysOut }: OpenPorts): Promise<OpenItem | undefined> {
  const snapshot = await reader.read(['set', 'stored'], target);
  const found = openRecord(snapshot);
  if (found === undefined) return undefined;
  const { namespace, name } = target;
  return { namespace, set: name, ...describe(found), ...(await waysOut(found, snapshot)) };
}

function describe(found: FoundRecord): Omit<OpenItem, 'namespace' | 'set'> {
  if (found.state === 'damaged') return { what: 'damaged-record' };
  const { record } = found;
  return {
    what: 'operation',
    operation: record.kind,
    phase: record.phase,
    startedBy: clientOf(record.holder),
    since: record.holder.since,
    heartbeat: new Date(lastSign(found)).toISOString(),
    currentStep: record.cursor,
    archive: record.archive,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
  };
}
