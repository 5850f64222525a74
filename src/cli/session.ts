import type { ClusterReader } from '../cluster/api.ts';
import type { OpenConnection } from '../cluster/connection.ts';
import type { Clock } from '../domain/clock.ts';
import type { Severity } from '../domain/finding.ts';
import type { Resource } from '../domain/object-ref.ts';
import type { OperationName } from '../domain/stored.ts';
import type { Attested } from './attestation.ts';
import type { ChangeValues, Common } from './change.ts';
import type { Values } from './flag.ts';
import type { connectionFlags, everyFlags } from './flags.ts';
import type { Interrupt } from './interrupt.ts';
import type { Io } from './io.ts';
import type { OutputChoice } from './output.ts';
import type { PeersRequest } from './peers-request.ts';
import type { PvcRequest } from './pvc-request.ts';
import type { RunbookRequest, RunbookValues } from './runbook/request.ts';
import type { PodPlace } from './show/pod-place.ts';

export type ConnectionValues = Values<typeof connectionFlags & typeof everyFlags>;

export interface Cluster {
  readonly connection: OpenConnection;
  readonly reader: ClusterReader;
}

/** One changing operation as the command line asks for it. */
export interface ChangeRequest {
  readonly operation: OperationName;
  /** Of what kind of object; absent for a StatefulSet. One that is a namespace is the connection's own. */
  readonly resource?: Resource;
  readonly name: string;
  /** The node that evidence is read of, where that is not the subject. */
  readonly node?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly common: Common;
  /** A file that the saved manifest is written to as well. */
  readonly saveTo?: string;
}

/** What `status` is to show, of which sets, and until when. */
export interface StatusRequest {
  /** Empty: all sets of the namespace. */
  readonly names: readonly string[];
  readonly allNamespaces: boolean;
  readonly selector?: string;
  readonly watch: boolean;
  readonly waitFor?: 'healthy' | 'updated' | 'scaled';
  readonly timeoutMs?: number;
}

/** What `doctor` is to examine, and what it is to exit 5 for. */
export interface DoctorRequest {
  /** Empty: all sets of the namespace. */
  readonly names: readonly string[];
  readonly allNamespaces: boolean;
  readonly selector?: string;
  readonly failOn: Severity;
  /** Manifests instead of a cluster: a file, or `-` for stdin. */
  readonly file?: string;
  /** Ids of findings. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
}

/** What `recover` is to heal. */
export interface RecoverRequest {
  /** Absent: one of the namespace that needs it. */
  readonly name?: string;
  /** Prints the commands and asks nothing. */
  readonly print: boolean;
}

/** What main hands to a command: everything outside of it, so that a test can replace it. Each returns the exit code. */
export interface Session {
  readonly io: Io;
  readonly version: string;
  readonly clock: Clock;
  readonly interrupt: Interrupt;
  /** Opens the connection that the flags and the kubeconfig describe; no request yet. */
  open(flags: ConnectionValues): Promise<Cluster>;
  /** A file of the operator's, as text. */
  readFile(path: string): Promise<string>;
  change(request: ChangeRequest, flags: ChangeValues): Promise<number>;
  status(request: StatusRequest, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  doctor(request: DoctorRequest, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  recover(request: RecoverRequest, flags: ConnectionValues): Promise<number>;
  peers(request: PeersRequest, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  /** `node check`. */
  node(name: string, check: boolean, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  pvcs(request: PvcRequest, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  rolloutStatus(name: string, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  rolloutHistory(name: string, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  /** What is attested of a node, where no flag says it: asked on a terminal. */
  attested(node: string, flags: ConnectionValues): Promise<Attested>;
  /** The StatefulSet of a Pod, and the node that it is bound to. */
  placeOf(pod: string, flags: ConnectionValues): Promise<PodPlace>;
  /** Of one operation, or of all where it is empty. */
  permissions(
    operation: string,
    check: boolean,
    flags: ConnectionValues & { readonly output?: 'json' | 'yaml' | undefined },
  ): Promise<number>;
  /** `run`. */
  runbook(request: RunbookRequest, flags: RunbookValues): Promise<number>;
  operations(allNamespaces: boolean, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  /** Of these, the StatefulSets that were deleted and can be restored. */
  restorable(allNamespaces: boolean, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  archives(name: string, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  versions(clientOnly: boolean, output: OutputChoice, flags: ConnectionValues): Promise<number>;
  /** Without an id, the whole catalogue. */
  explain(id: string | undefined, output: OutputChoice, flags: Values<typeof everyFlags>): Promise<number>;
}
