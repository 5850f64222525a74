import { describe, expect, it } from 'vitest';
import type { ClusterReader } from '../../../src/cluster/api.ts';
import { read, unknown } from '../../../src/domain/reading.ts';
import type { SliceName, Snapshot } from '../../../src/domain/snapshot.ts';
import { lookAtNode } from '../../../src/inspect/node/look.ts';
import { nodeReport } from '../../../src/inspect/node/report.ts';
import { renderNode } from '../../../src/render/node.ts';
import { styleFor } from '../../../src/render/style.ts';
import { attachmentOf, NOW, nodeNamed, podOn, silentNode, volumeFor } from '../../support/lost-node.ts';

const view = { style: styleFor(false), width: Number.POSITIVE_INFINITY, wide: false };
const shown = (snapshot: Snapshot): string => renderNode(nodeReport(snapshot), snapshot.cluster, NOW, view);

const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2026-06-01T11:58:30Z' };
const tolerating = (tolerationSeconds?: number) => ({
  spec: {
    ...podOn('web-1').spec,
    tolerations: [
      { key: unreachable.key, operator: 'Exists', effect: 'NoExecute', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) },
    ],
  },
});

describe('the report of a node', () => {
  it('reads as a person needs it in the middle of the night', () => {
    const node = { ...nodeNamed('node-1', 'Unknown'), spec: { taints: [unreachable], providerID: 'aws:///eu/i-1' } };
    const over = { nodePods: read([podOn('web-1', tolerating(300)), podOn('db-0', tolerating())], NOW) };
    expect(shown(silentNode(over, node))).toMatchInlineSnapshot(`
      "node node-1  context prod-eu (https://api)
      uid uid-node-1  boot boot-1  machine aws:///eu/i-1
      taints node.kubernetes.io/unreachable:NoExecute

      SAYS     EVIDENCE                                              FOR   SOURCE
      silent   Ready is Unknown (NodeStatusUnknown)                  90s   node/node-1: status.conditions[Ready]
      silent   the kubelet does not renew its Lease                  95s   lease/node-1 in kube-node-lease: spec.renewTime
      silent   the kubelet does not answer: no answer within 2s      -     GET /healthz of the kubelet, through the API server
      -        no Pod of a StatefulSet here declares a port to ask   -     GET of a port of the Pod, through the API server

      VERDICT  partition-possible: the node is silent: it may be off, or only cut off from the control plane while its containers run and write
      settled by
        - the power state of the machine aws:///eu/i-1, from its provider or its management controller: off, or destroyed
        - a storage fence: the node can no longer write to its volumes
        - the node itself, once its network is repaired or it is restarted

      nodes that are not Ready: 1 of 3

      NAMESPACE   POD     STATEFULSET   STATUS    EVICTED    VOLUMES
      prod        db-0    db            Running   never      data-web-1 (RWO, attached)
      prod        web-1   web           Running   in 3m30s   data-web-1 (RWO, attached)"
    `);
  });

  it('says how many nodes are not Ready, and that many at once are more likely cut off', () => {
    const nodes = [nodeNamed('node-0', 'Unknown'), nodeNamed('node-1', 'Unknown'), nodeNamed('node-2', 'Unknown')];
    const text = shown(silentNode({ clusterNodes: read(nodes, NOW) }));
    expect(text).toContain('nodes that are not Ready: 3 of 3. So many at once are more likely cut off than lost.');
    expect(shown(silentNode())).not.toContain('cut off than lost');
  });

  it('has volumes with their modes, what is attached here, and what can be used here alone', () => {
    const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] }];
    const local = { nodeAffinity: { required: { nodeSelectorTerms: terms } } };
    const over = {
      nodePods: read([podOn('web-1'), podOn('web-2'), podOn('web-3')], NOW),
      volumes: read(
        [volumeFor('data-web-1'), volumeFor('data-web-2', ['ReadWriteMany']), volumeFor('data-web-3', ['ReadWriteOnce'], local)],
        NOW,
      ),
      attachments: read([attachmentOf('pv-data-web-1'), attachmentOf('pv-data-web-2', 'node-2')], NOW),
    };
    expect(nodeReport(silentNode(over)).pods.map(({ volumes }) => volumes)).toEqual([
      [{ claim: 'data-web-1', volume: 'pv-data-web-1', accessModes: ['ReadWriteOnce'], attached: true, local: false }],
      [{ claim: 'data-web-2', volume: 'pv-data-web-2', accessModes: ['ReadWriteMany'], attached: false, local: false }],
      [{ claim: 'data-web-3', volume: 'pv-data-web-3', accessModes: ['ReadWriteOnce'], attached: false, local: true }],
    ]);
  });

  it('leaves out static Pods and those of DaemonSets, and says what could not be read', () => {
    const owned = (kind: string) =>
      podOn('own-0', {
        metadata: { ...podOn('own-0').metadata, ownerReferences: [{ apiVersion: 'v1', kind, name: 'x', uid: 'u', controller: true }] },
      });
    const report = nodeReport(
      silentNode({
        nodePods: read([owned('Node'), owned('DaemonSet'), owned('ReplicaSet'), podOn('web-1')], NOW),
        volumes: unknown('forbidden', 'cannot list persistentvolumes (forbidden)', NOW),
      }),
    );
    expect(report.pods.map(({ name, set }) => [name, set])).toEqual([
      ['web-1', 'web'],
      ['own-0', undefined],
    ]);
    expect(report.unread).toEqual(['cannot list persistentvolumes (forbidden)']);
  });

  it('trusts nothing that the cluster says with the terminal', () => {
    const node = { ...nodeNamed('node-1', 'Unknown'), spec: { providerID: 'evil\u001b[2J' } };
    expect(shown(silentNode({}, node))).toContain('evil\\x1b[2J');
  });
});

describe('a look at a node', () => {
  const known = silentNode().slices;
  const never = new Promise<never>(() => {});
  const reader = (over: Partial<Record<SliceName, Promise<unknown>>>): ClusterReader =>
    ({
      identity: () => Promise.resolve(silentNode().cluster),
      readSlice: (slice: SliceName) => over[slice] ?? Promise.resolve(known[slice]),
    }) as unknown as ClusterReader;
  const look = (over: Partial<Record<SliceName, Promise<unknown>>>) => {
    const clock = {
      now: () => NOW,
      sleep: (_: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          // The time-out strikes in the next turn, after everything that is there.
          setImmediate(() => (signal?.aborted === true ? reject(new Error('aborted')) : resolve()));
        }),
    };
    return lookAtNode('node-1', { reader: reader(over), clock, serverNow: () => NOW });
  };

  it('counts what does not come in time as unknown, and does not wait for it', async () => {
    const report = nodeReport(await look({ volumes: never, podAnswers: never }));
    expect(report.unread).toEqual(['podAnswers could not be read within 2s', 'volumes could not be read within 2s']);
    expect(report.verdict).toBe('partition-possible');
    expect(nodeReport(await look({ lease: never })).verdict).toBe('unknown');
  });

  it('tells a node that there is not from one that is gone and has left Pods', async () => {
    const none = Promise.resolve(read([], NOW));
    await expect(look({ node: none, nodePods: none })).rejects.toThrow('node node-1 not found in context prod-eu (https://api)');
    expect(nodeReport(await look({ node: none })).verdict).toBe('lost-likely');
  });

  it('is refused where nodes may not be read and no Pod says that there is one', async () => {
    const none = Promise.resolve(read([], NOW));
    const forbidden = Promise.resolve(unknown('forbidden', 'cannot list nodes (forbidden)', NOW));
    await expect(look({ node: forbidden, nodePods: none })).rejects.toThrow('cannot list nodes (forbidden)');
  });
});
