import type { Node, Pod, Taint } from '../../../src/domain/kube.ts';
import { isPodReady } from '../../../src/domain/members.ts';
import { attestationOf, outOfServiceOf } from '../../../src/domain/node-signs.ts';
import { read } from '../../../src/domain/reading.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { leaseOf, nodeNamed, silent, volumeFor } from '../lost-node.ts';
import type { ModelCluster } from './cluster.ts';
import { running } from './running-set.ts';

export const NODE = '/api/v1/nodes/node-1';
const POD = '/api/v1/namespaces/prod/pods/web-1';

/** A set of three, and a silent node with web-1 on it, of whose Pods the garbage collector takes those of a node out of service. */
export interface LostNode {
  readonly cluster: ModelCluster;
  node(): Node;
  pod(): Pod | undefined;
  taints(): readonly Taint[];
  /** Changes the node, as the kubelet and the node controller do. */
  change(over: { readonly ready?: 'True' | 'Unknown'; readonly bootID?: string; readonly taints?: readonly Taint[] }): void;
  /** A round of the Pod garbage collector: a Pod that ends on a node out of service is deleted. */
  collect(): void;
}

export function lostNode(): LostNode {
  const cluster = running(3);
  cluster.objects.set(NODE, { ...nodeNamed('node-1', 'Unknown') });
  const pod = (): Pod | undefined => cluster.objects.get(POD) as unknown as Pod | undefined;
  const bind = (): void => {
    const found = pod();
    if (found !== undefined && found.spec.nodeName === undefined)
      cluster.objects.set(POD, { ...found, spec: { ...found.spec, nodeName: gone ? 'node-2' : 'node-1' } });
  };
  let gone = false;
  bind();
  const node = (): Node => cluster.objects.get(NODE) as unknown as Node;
  const original = cluster.snapshot.bind(cluster);
  cluster.snapshot = (): Snapshot => {
    bind();
    const base = original();
    const at = <T>(value: T) => read(structuredClone(value), cluster.now);
    const all = cluster.list<Pod>('pods').map((one) => ({ ...one, metadata: { ...one.metadata, namespace: 'prod' } }));
    const names = attestationOf(node())?.pods ?? [];
    return {
      ...base,
      slices: {
        ...base.slices,
        node: at([node()]),
        lease: at([
          { ...leaseOf('node-1', 0), spec: { leaseDurationSeconds: 40, renewTime: new Date(cluster.now - 90_000).toISOString() } },
        ]),
        kubelet: at(silent('node/node-1')),
        podAnswers: at([]),
        clusterNodes: at([node(), nodeNamed('node-0'), nodeNamed('node-2')]),
        nodePods: at(all.filter(({ spec }) => spec.nodeName === 'node-1')),
        attachments: at([]),
        volumes: at([volumeFor('data-web-1')]),
        nodeSets: at(cluster.set() === undefined ? [] : [cluster.set()!]),
        replacements: at(all.filter(({ metadata }) => names.includes(`prod/${metadata.name}`))),
      },
    };
  };
  return {
    cluster,
    node,
    pod,
    taints: () => outOfServiceOf(node()),
    change: ({ ready, bootID, taints }) => {
      const { spec, status, ...rest } = node();
      const conditions = status.conditions?.map((one) => (one.type === 'Ready' && ready !== undefined ? { ...one, status: ready } : one));
      const nodeInfo = { ...status.nodeInfo, ...(bootID === undefined ? {} : { bootID }) };
      const changed = {
        ...rest,
        spec: { ...spec, ...(taints === undefined ? {} : { taints }) },
        status: { ...status, conditions, nodeInfo },
      };
      cluster.store(NODE, changed);
    },
    collect: () => {
      const found = pod();
      if (found?.spec.nodeName !== 'node-1' || outOfServiceOf(node()).length === 0 || isPodReady(node() as unknown as Pod)) return;
      gone = true;
      cluster.objects.delete(POD);
    },
  };
}
