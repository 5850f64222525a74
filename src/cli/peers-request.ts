import type { DnsServer } from '../domain/dns-server.ts';
import type { PeerChoice } from '../peers/choice.ts';
import type { PeerFormat } from '../peers/format.ts';
import type { Probe } from '../peers/probe.ts';

/** On which way DNS is asked: the first that works, or one alone. */
export type Via =
  | { readonly way: 'auto' | 'port-forward' | 'system' }
  | { readonly way: 'server'; readonly server: DnsServer }
  /** From inside of this Pod, or of one of the StatefulSet. */
  | { readonly way: 'exec'; readonly pod?: string };

/** How DNS is asked. */
export interface DnsRequest {
  readonly via: Via;
  readonly clusterDomain?: string;
}

/** What `peers` is to show, and how DNS is asked. */
export interface PeersRequest extends DnsRequest {
  readonly name: string;
  readonly choice: PeerChoice;
  /** What each Pod is asked. */
  readonly probe?: Probe;
  readonly check: boolean;
  readonly watch: boolean;
  /** Wait until so many, or all that are expected, can be found. */
  readonly waitFor?: number | 'all';
  /** Of the wait, milliseconds. */
  readonly timeoutMs?: number;
  readonly format?: PeerFormat & { readonly ports?: readonly number[] };
}
