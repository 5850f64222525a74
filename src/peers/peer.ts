import type { Finding } from '../domain/finding.ts';

/** One port of a peer, as SRV records would have it: the port in the Pod where the Service is headless. */
export interface PeerPort {
  /** Absent for an unnamed port, which has no SRV name of its own. */
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
}

/** What the EndpointSlices of the Service say of a peer. Conditions as kube-proxy and CoreDNS read them. */
export interface PeerEndpoint {
  /** Listed: DNS answers with it. True also for Pods that are not Ready where publishNotReadyAddresses is set. */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly addresses: readonly string[];
}

/** What DNS says of a peer. */
export interface PeerNames {
  /** Ports of the SRV records that name it; empty where none does. */
  readonly srvPorts: readonly number[];
  /** Of its own name, by A and AAAA. */
  readonly addresses: readonly string[];
}

/** What a Pod answered to --probe. */
export interface ProbeAnswer {
  readonly ok: boolean;
  /** `2xx`, `503 …`, `open`, `connection refused`. */
  readonly answer: string;
}

export interface PeerPod {
  readonly uid: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly nodeLost: boolean;
  readonly addresses: readonly string[];
}

/** A Pod of the StatefulSet, or whatever else the Service or DNS names, and what each source says of it. */
export interface Peer {
  /** Absent for what is no Pod of the StatefulSet. */
  readonly ordinal?: number;
  /** Of the Pod, or else the first label of its host. */
  readonly name: string;
  /** Absolute where the cluster domain is known. */
  readonly host: string;
  readonly ports: readonly PeerPort[];
  /** As DNS has them, else the EndpointSlices, else the Pod. */
  readonly addresses: readonly string[];
  /** Within the replicas of the StatefulSet. */
  readonly expected: boolean;
  readonly endpoint?: PeerEndpoint;
  /** Absent where DNS could not be asked. */
  readonly dns?: PeerNames;
  readonly pod?: PeerPod;
  readonly probe?: ProbeAnswer;
  /** Expected, listed and found by the same addresses; or none of these. */
  readonly agrees: boolean;
}

/** Everything that is known about how the Pods of a StatefulSet find each other. */
export interface Peers {
  readonly namespace: string;
  /** Of the StatefulSet. */
  readonly name: string;
  /** Of the governing Service; empty where spec.serviceName is. */
  readonly service: string;
  readonly publishNotReadyAddresses: boolean;
  readonly dns: {
    /** What was asked, and on which way; absent where nothing answered. */
    readonly way?: string;
    readonly clusterDomain?: string;
    /** Ways that were tried before, each with why it failed. */
    readonly failed: readonly string[];
  };
  /** No finding warns. */
  readonly agrees: boolean;
  readonly peers: readonly Peer[];
  readonly findings: readonly Finding[];
}

/** Whether a peer can be found by others: listed, and known to DNS. Where DNS could not be asked, that is not known. */
export function isFound({ endpoint, dns }: Peer): boolean {
  return endpoint?.ready === true && dns !== undefined && dns.addresses.length > 0;
}
