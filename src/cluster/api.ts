import type { AccessNeed } from '../domain/access.ts';
import type { Reading } from '../domain/reading.ts';
import type { ClusterRef, SliceName, Slices, Snapshot, Target } from '../domain/snapshot.ts';

/** One request as it goes over the wire. Paths start with `/api` or `/apis`. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** For PATCH: which patch it is. Default `application/json`. */
  readonly contentType?:
    | 'application/json'
    | 'application/json-patch+json'
    | 'application/merge-patch+json'
    | 'application/strategic-merge-patch+json';
  /** Discovery of all groups in one document, where the server can (1.30). */
  readonly aggregated?: true;
  /** For a GET that the server passes on to somebody else: the body is text as it came, and there is one try. */
  readonly asText?: true;
  /** For a list: PartialObjectMetadata instead of the objects. */
  readonly metadataOnly?: true;
  /** For a list: a Table, as kubectl prints it. With `includeObject=None` its rows hold nothing else. */
  readonly asTable?: true;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole answer; default from --request-timeout, else 30 s. */
  readonly timeoutMs?: number;
}

export interface ApiResponse<T = unknown> {
  readonly status: number;
  readonly body: T;
  /** Texts of the server's Warning headers; absent is none. */
  readonly warnings?: readonly string[];
}

/**
 * The door to one API server: raw JSON over one connection, or a few (docs/adr/0008). Errors are ApiError (domain/errors.ts).
 * GETs are retried on 429/5xx/reset with Retry-After and jitter; writes are never retried here (the executor reads back).
 */
export interface Transport {
  request<T = unknown>(request: ApiRequest): Promise<ApiResponse<T>>;
  /**
   * A long GET whose body is one JSON document a line (watch). Ends when the server ends it; rejects when it breaks.
   * `timeoutMs` is the longest silence, 0 or absent none. What `onLine` throws ends it, too.
   *
   * @param onOpen the server has begun to answer with 2xx
   */
  stream(request: ApiRequest, onLine: (line: string) => void, onOpen?: () => void): Promise<void>;
  /** Server's time, milliseconds since the epoch: the last Date header plus what has passed here since. */
  serverNow(): number;
  close(): void;
}

/** A connection as the flags and the kubeconfig describe it. */
export interface Connection {
  readonly transport: Transport;
  readonly context: string;
  readonly server: string;
  /** Namespace from -n, else the context's, else `default`. */
  readonly namespace: string;
  /** The connection flags for printed commands (ClusterRef). */
  readonly flags: readonly string[];
  /** Name for records and messages: kubeconfig user, or --as. */
  readonly user: string;
  /** Hash of what the server is trusted by (its CA, else its address): tells clusters apart where kube-system may not be read. */
  readonly authority: string;
  /** The kubeconfig's client certificate in PEM, for messages about one that has run out. */
  readonly certificate?: string | undefined;
  /** The proxy on the way, without its password. */
  readonly proxy?: string | undefined;
}

/** Reads about one set. `read` asks once; `live` can keep what it has read fresh, by one watch a resource. */
export interface ClusterReader {
  /** Which cluster this is, and how we came to it; asked once. */
  identity(target?: Target): Promise<ClusterRef>;
  /** All reads in parallel. Rejects with CannotError where the whole connection fails; everything else is in the readings. */
  read(needs: readonly SliceName[], target: Target): Promise<Snapshot>;
  readSlice<K extends SliceName>(slice: K, target: Target): Promise<Reading<Slices[K]>>;
  /** All of these slices of a namespace, or of all namespaces; `claims` are read first, so that whatever uses one of them is seen. */
  readScope(needs: readonly SliceName[], namespace: string | undefined): Promise<Snapshot>;
  /** The same for every set of a namespace, or of all, each list read only once. */
  /** @param further what is to be read besides, once for all sets, in view of what was seen */
  readMany(needs: readonly SliceName[], scope: Scope, further?: Further): Promise<Many>;
  /** One read like `read`, in parallel; nothing is watched until `follow`. Rejects like it. */
  live(needs: readonly SliceName[], target: Target): Promise<LiveSnapshot>;
  /** The sets of a scope, kept fresh by one watch a resource for all of them together. `stored` only for named ones. */
  follow(needs: readonly SliceName[], scope: Followed): Promise<LiveSnapshots>;
  /**
   * SelfSubjectAccessReview for each; returns those that are denied.
   * @param unknown is told a sentence for each reason for which some could not be asked about: they count as allowed
   */
  denied(needs: readonly AccessNeed[], unknown: (message: string) => void): Promise<readonly AccessNeed[]>;
  /** Names of sets in the target's namespace that are near to its name; none when they cannot be listed. */
  suggestSets(target: Target): Promise<readonly string[]>;
}

/** Slices that cost, and only the first look tells whether they are taken. */
export type Further = (snapshot: Snapshot) => readonly SliceName[];

export interface Scope {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface Many {
  /** One for each set, by namespace and name. */
  readonly snapshots: readonly Snapshot[];
  /** Whether the sets could be listed: without them `snapshots` is empty. */
  readonly sets: Reading<number>;
}

export interface Followed extends Scope {
  /** Only these, which are told of also while they are not there; all of one namespace. */
  readonly names?: readonly string[];
}

export interface LiveSnapshots {
  /** The newest known state, a snapshot a set; no request. Without names, sets come and go. */
  current(): Many;
  /** Resolves at the next change of any slice, or at once if something changed since `current`. Rejects with the signal's reason. */
  changed(signal?: AbortSignal): Promise<void>;
  /** Reads again what we stored about these named sets: it is not watched, since Secrets may rarely be. */
  rereadStored(names: readonly string[]): Promise<void>;
  close(): void;
}

export interface LiveSnapshot {
  /** Begins the watches, from the very state that was listed. Once; costs no list, and nobody waits for it but `fresh` and `caughtUp`. */
  follow(): void;
  /** The newest known state; no request. */
  current(): Snapshot;
  /**
   * Resolves at the next change of any slice, or at once if something changed since `after` (default: the last snapshot
   * that anybody took). Give `after` where there are several consumers. Rejects with the signal's reason.
   */
  changed(signal?: AbortSignal, after?: Snapshot): Promise<void>;
  /**
   * GET of the set, merged with the watched slices: the "fresh read before a step" (law 3). Waits up to half a minute for
   * a server that is away; slices that are then still not up to date are unknown.
   */
  fresh(signal?: AbortSignal): Promise<Snapshot>;
  /** The newest known state without a request, once every watch has begun and none is known to be behind. Rejects like `fresh`. */
  caughtUp(signal?: AbortSignal): Promise<Snapshot>;
  /** Reads these slices, again or for the first time (those that are not watched). Rejects like `read`. */
  reread(slices: readonly SliceName[]): Promise<void>;
  close(): void;
}
