import type { ClusterReader, Connection } from '../cluster/api.ts';
import type { Clock } from '../domain/clock.ts';
import type { Values } from './flag.ts';
import type { connectionFlags, everyFlags } from './flags.ts';
import type { Interrupt } from './interrupt.ts';
import type { Io } from './io.ts';

export type ConnectionValues = Values<typeof connectionFlags & typeof everyFlags>;

export interface Cluster {
  readonly connection: Connection;
  readonly reader: ClusterReader;
}

/** What main hands to a command: everything outside of it, so that a test can replace it. */
export interface Session {
  readonly io: Io;
  readonly version: string;
  readonly clock: Clock;
  readonly interrupt: Interrupt;
  /** Opens the connection that the flags and the kubeconfig describe; no request yet. */
  open(flags: ConnectionValues): Promise<Cluster>;
}
