import type { RetentionPolicy, Secret, UpdateStrategy } from './kube.ts';
import type { Resource } from './object-ref.ts';

/** On a set while an operation of ours is open on it: its record. */
export const RECORD_ANNOTATION = 'sts-safe.dev/operation';

/** Beside the record, its kind (`rollout-start`): by it every open operation of a cluster is one list, for kubectl too. */
export const RECORD_LABEL = 'sts-safe.dev/operation';

/** Id of an operation that writes: its command's words, and part of every record. Which there are is the registry's to say. */
export type OperationName = string;

/** Who runs an operation: enough to say it to another operator, and to see whether that process still lives. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** When that process started its operation, RFC 3339 by the server's clock. */
  readonly since: string;
}

export type Phase = 'running' | 'stopped' | 'paused';

/** What `cancel` puts back: the fields as they were before us; only those that the operation changes. */
export interface PutBack {
  readonly replicas?: number;
  readonly retention?: RetentionPolicy | null;
  /** null: the set stored none. */
  readonly strategy?: UpdateStrategy | null;
}

/**
 * The record of an operation under way: annotation `sts-safe.dev/operation` on the set, or key `record` of the index
 * Secret while there is no set. At most 4 KiB of JSON; never templates, member lists or secrets.
 */
export interface OperationRecord {
  readonly schema: 1;
  readonly id: string;
  readonly kind: OperationName;
  /** Of an operation that goes back: the one that it goes back from. */
  readonly cancels?: OperationName;
  /** `paused`: it was asked to, and waits for a command. */
  readonly phase: Phase;
  readonly holder: Holder;
  /** Deterministic id of the step whose write this record travels with, e.g. `scale-down/3`. */
  readonly cursor: string;
  readonly digest: string;
  /** Name of the archive Secret, e.g. `sts-safe.web.3`. */
  readonly archive: string;
  readonly putBack: PutBack;
  /** What was asked for, where the archive cannot say it: that of a restore or a cancel is another operation's. */
  readonly asked?: Asked;
  /** Its archive is in a file and its record on the set alone, since Secrets may not be written. */
  readonly onlyFile?: true;
  /** The object that the step at the cursor may be about to delete: a take-over touches it. */
  readonly pending?: { readonly resource: Resource; readonly name: string };
  /** spec.replicas as the step at the cursor leaves them. */
  readonly left?: number;
  /** UID of the set that it has created: whatever else bears the name is somebody else's. */
  readonly created?: string;
  /** --reason, for whoever finds it open; its first 120 characters. */
  readonly reason?: string;
}

export interface Asked {
  /** Only where the archive is another operation's: its own options may be large, and stand in its archive. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly allowed: readonly string[];
  /** Id of the archive that it goes by: names are given again when an index is lost. */
  readonly archiveId?: string;
}

/** A record as found: where it was, and the raw text that a guarded write tests. A damaged one is never guessed at. */
export type FoundRecord =
  | {
      readonly state: 'valid';
      readonly carrier: 'set' | 'index';
      readonly record: OperationRecord;
      readonly raw: string;
      readonly heartbeat?: string;
    }
  | { readonly state: 'damaged'; readonly carrier: 'set' | 'index'; readonly raw: string; readonly message: string };

/** One line of the index: an archive that exists. */
export interface ArchiveEntry {
  readonly name: string;
  readonly operation: OperationName;
  readonly id: string;
  /** RFC 3339, server's clock. */
  readonly created: string;
  readonly setUid: string;
  readonly replicas: number;
  /** The set was deleted by the operation that wrote it: `restore` may bring it back. */
  readonly setDeleted: boolean;
}

/** A claim as it was when the archive was written: restore checks that the same objects are still there. */
export interface ArchivedClaim {
  readonly name: string;
  readonly uid: string;
  readonly volume?: string;
  readonly ordinal?: number;
  readonly phase?: string;
}

/** Contents of an archive Secret. `manifest` is the set as served, raw, status and all. */
export interface Archive {
  readonly schema: 1;
  readonly name: string;
  readonly id: string;
  readonly operation: OperationName;
  readonly created: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly allowed: readonly string[];
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly claims: readonly ArchivedClaim[];
  readonly service?: Readonly<Record<string, unknown>>;
}

export type FoundArchive =
  | { readonly state: 'valid'; readonly archive: Archive }
  | { readonly state: 'damaged' | 'newer'; readonly name: string; readonly message: string };

/** Everything of ours about one set. */
export interface StoredState {
  /** The index Secret as it was read; absent while we never touched this set. */
  readonly index?: Secret;
  readonly entries: readonly ArchiveEntry[];
  /** The record on the index Secret, if any (the one on the set is read from the set's annotations). */
  readonly record?: FoundRecord;
  /** The archive that matters now: the one that an open record names, else the newest of a deletion, else the newest. */
  readonly archive?: FoundArchive;
}

/** What is saved about one set, for whoever looks at all of a namespace. */
export interface SavedSet {
  readonly namespace: string;
  readonly name: string;
  /** The most replicas that any of its saved manifests has. */
  readonly replicas: number;
  /** An operation is recorded on its index Secret. */
  readonly hasRecord: boolean;
  /** The newest saved manifest of a deletion, where the set was deleted. */
  readonly deleted?: Archive;
}
