import type { Lease, Node, Pod, Volume, VolumeAttachment } from '../../src/domain/kube.ts';
import type { NodeAnswer } from '../../src/domain/node-signs.ts';
import { type Reading, read } from '../../src/domain/reading.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';

/** A node and what hangs on it, as a look would show them; a test says what differs. */

export const NOW = Date.parse('2026-06-01T12:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

export function nodeNamed(name: string, ready: 'True' | 'False' | 'Unknown' = 'True', over: Partial<Node> = {}): Node {
  return {
    metadata: { name, uid: `uid-${name}`, resourceVersion: '7', labels: {} },
    spec: {},
    status: {
      conditions: [
        { type: 'Ready', status: ready, reason: ready === 'Unknown' ? 'NodeStatusUnknown' : 'KubeletReady', lastTransitionTime: ago(90) },
      ],
      nodeInfo: { bootID: 'boot-1' },
    },
    ...over,
  };
}

export function leaseOf(name: string, secondsAgo: number): Lease {
  return { metadata: { name, uid: 'l', resourceVersion: '1' }, spec: { leaseDurationSeconds: 40, renewTime: ago(secondsAgo) } };
}

export function podOn(name: string, over: Partial<Pod> = {}): Pod {
  return {
    metadata: {
      name,
      namespace: 'prod',
      uid: `uid-${name}`,
      resourceVersion: '3',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: name.replace(/-\d+$/, ''), uid: 'set', controller: true }],
    },
    spec: { nodeName: 'node-1', containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }] },
    status: { phase: 'Running' },
    ...over,
  };
}

export function volumeFor(claim: string, modes: readonly string[] = ['ReadWriteOnce'], over: Partial<Volume['spec']> = {}): Volume {
  const spec = { accessModes: modes, claimRef: { namespace: 'prod', name: claim, uid: `uid-${claim}` }, ...over };
  return { metadata: { name: `pv-${claim}`, uid: `uid-pv-${claim}`, resourceVersion: '1' }, spec, status: { phase: 'Bound' } };
}

export function attachmentOf(volume: string, node = 'node-1'): VolumeAttachment {
  const spec = { nodeName: node, source: { persistentVolumeName: volume } };
  return { metadata: { name: `csi-${volume}`, uid: `uid-${volume}`, resourceVersion: '1' }, spec, status: { attached: true } };
}

export const silent = (object: string): NodeAnswer => ({ object, heard: 'silence', words: 'no answer within 2s' });

type Readings = { readonly [K in keyof Snapshot['slices']]?: Snapshot['slices'][K] };

const at = <T>(value: T): Reading<T> => read(value, NOW);

/** Node `node-1` as it looks when it is silent, with `web-1` on it; `over` replaces readings. */
export function silentNode(over: Readings = {}, node: Node = nodeNamed('node-1', 'Unknown')): Snapshot {
  return {
    now: NOW,
    cluster: { context: 'prod-eu', server: 'https://api', identity: 'id', flags: [] },
    target: { resource: 'nodes', namespace: '', name: 'node-1' },
    slices: {
      node: at([node]),
      clusterNodes: at([nodeNamed('node-0'), node, nodeNamed('node-2')]),
      lease: at([leaseOf('node-1', 95)]),
      kubelet: at(silent('node/node-1')),
      podAnswers: at([]),
      nodePods: at([podOn('web-1')]),
      volumes: at([volumeFor('data-web-1')]),
      attachments: at([attachmentOf('pv-data-web-1')]),
      ...over,
    },
  };
}
