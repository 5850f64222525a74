import type { BootOptions } from './options.ts';

/** The loopback ports of one sandbox. */
export interface Ports {
  etcd: number;
  etcdPeer: number;
  apiserver: number;
  controllers: number;
  scheduler: number;
  /** By node: where its KWOK process serves the kubelet's API. */
  kubelets: number[];
  /** By node: its way to the API server, which can be cut. */
  relays: number[];
}

/** Real nodes have networks of their own. */
export const portsNeeded = ({ nodes, real }: Pick<BootOptions, 'nodes' | 'real'>): number => 5 + (real ? 0 : 2 * nodes);

export function assignPorts(claimed: number[], nodes: number): Ports {
  const [etcd, etcdPeer, apiserver, controllers, scheduler, ...rest] = claimed as [number, number, number, number, number, ...number[]];
  return { etcd, etcdPeer, apiserver, controllers, scheduler, kubelets: rest.slice(0, nodes), relays: rest.slice(nodes, 2 * nodes) };
}
