import type { Node, StatefulSet, Taint } from '../../../src/domain/kube.ts';
import { ATTESTATION_ANNOTATION, type NodeAnswer } from '../../../src/domain/node-signs.ts';
import { read } from '../../../src/domain/reading.ts';
import { fenceInstead } from '../../../src/findings/fence-instead.ts';
import { foreignFence } from '../../../src/findings/foreign-fence.ts';
import { localVolume } from '../../../src/findings/local-volume.ts';
import { nodeAlive } from '../../../src/findings/node-alive.ts';
import { nodeNotLost } from '../../../src/findings/node-not-lost.ts';
import { nodeOperationOpen } from '../../../src/findings/node-operation-open.ts';
import { nodeReady } from '../../../src/findings/node-ready.ts';
import { nodeStillSilent } from '../../../src/findings/node-still-silent.ts';
import { nodeStorm } from '../../../src/findings/node-storm.ts';
import { sameBoot } from '../../../src/findings/same-boot.ts';
import { sharedVolume } from '../../../src/findings/shared-volume.ts';
import { toleratesFence } from '../../../src/findings/tolerates-fence.ts';
import { setless } from '../../../src/operations/setless.ts';
import { leaseOf, NOW, nodeNamed, podOn, silentNode, volumeFor } from '../../support/lost-node.ts';
import { table } from './table.ts';

/** What may stand in the way of taking a node out of service, or of putting it back. */

const when = setless('any');
const answer = (heard: NodeAnswer['heard'], object = 'node/node-1'): NodeAnswer => ({ object, heard, words: 'answers' });
const ready = nodeNamed('node-1', 'True');
const tainted = (...taints: readonly Taint[]): Node => ({ ...nodeNamed('node-1', 'Unknown'), spec: { taints } });

table(nodeReady, {
  'a silent node': { see: silentNode(), when, says: [] },
  'one that has never reported': { see: silentNode({}, { ...ready, status: {} }), when, says: [] },
  'a Ready node': {
    see: silentNode({}, ready),
    when,
    says: ['node node-1 is Ready'],
    seen: ['node/node-1: status.conditions[Ready] = True'],
  },
});

table(nodeAlive, {
  'a silent node': { see: silentNode(), when, says: [] },
  'a fresh Lease': {
    see: silentNode({ lease: read([leaseOf('node-1', 5)], NOW) }),
    when,
    says: ['something still runs on node node-1: the kubelet renews its Lease'],
    tries: ['kubectl sts-safe node check node-1 -n prod'],
  },
  'a kubelet and a Pod that answer': {
    see: silentNode({ kubelet: read(answer('answer'), NOW), podAnswers: read([answer('answer', 'pod/web-1')], NOW) }),
    when,
    says: ['something still runs on node node-1: the kubelet answers', 'something still runs on node node-1: Pod web-1 answers'],
  },
});

table(nodeNotLost, {
  'a silent node': { see: silentNode(), when, says: [] },
  'a machine that refuses connections: only the kubelet is dead': {
    see: silentNode({ kubelet: read(answer('refusal'), NOW) }),
    when,
    says: [/^node node-1 may not be lost: the machine refuses the connection to the kubelet/],
    grade: 'likely',
  },
  'a node that has never reported': {
    see: silentNode({}, { ...ready, status: {} }),
    when,
    says: [/^node node-1 may not be lost: has never reported/],
    grade: 'unknown',
  },
});

const silentNodes = (silent: number, all: number): readonly Node[] =>
  Array.from({ length: all }, (_, at) => nodeNamed(`node-${at}`, at < silent ? 'Unknown' : 'True'));

table(nodeStorm, {
  'one of three': { see: silentNode(), when, says: [] },
  'all of three': {
    see: silentNode({ clusterNodes: read(silentNodes(3, 3), NOW) }),
    when,
    says: ['3 of 3 nodes are not Ready: so many at once are more likely cut off than lost'],
  },
  'all of one zone': {
    see: silentNode(
      {
        clusterNodes: read(
          silentNodes(2, 8).map((one, at) => ({
            ...one,
            metadata: { ...one.metadata, labels: { 'topology.kubernetes.io/zone': at < 2 ? 'a' : 'b' } },
          })),
          NOW,
        ),
      },
      { ...nodeNamed('node-1', 'Unknown'), metadata: { ...ready.metadata, labels: { 'topology.kubernetes.io/zone': 'a' } } },
    ),
    when,
    says: [/^2 of 2 nodes in zone a are not Ready/],
  },
});

const OUT = 'node.kubernetes.io/out-of-service';

table(foreignFence, {
  'no taint': { see: silentNode(), when, says: [] },
  ours: { see: silentNode({}, tainted({ key: OUT, value: 'sts-safe', effect: 'NoExecute' })), when, says: [] },
  'of another client': {
    see: silentNode({}, tainted({ key: OUT, value: 'nodeshutdown', effect: 'NoExecute' })),
    when,
    says: ['node node-1 already has the out-of-service taint, set by another client (value nodeshutdown)'],
  },
});

table(sharedVolume, {
  'an attached RWO volume': { see: silentNode(), when, says: [] },
  'an RWX volume': {
    see: silentNode({ volumes: read([volumeFor('data-web-1', ['ReadWriteMany'])], NOW) }),
    when,
    says: ['nothing keeps a second Pod from writing while the first may still run: data-web-1'],
    seen: ['persistentvolumeclaim/data-web-1: volume = ReadWriteMany, attached'],
  },
  'a driver that does not attach': {
    see: silentNode({ attachments: read([], NOW) }),
    when,
    says: [/data-web-1$/],
    seen: ['persistentvolumeclaim/data-web-1: volume = ReadWriteOnce, no VolumeAttachment'],
  },
});

const here = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] };
const nodeAffinity = { required: { nodeSelectorTerms: [here] } };

table(localVolume, {
  'a volume that moves': { see: silentNode(), when, says: [] },
  'a local volume': {
    see: silentNode({ volumes: read([volumeFor('data-web-1', ['ReadWriteOnce'], { nodeAffinity })], NOW) }),
    when,
    says: ['replacements stay Pending until node node-1 is back, because their volumes can be used on it alone: web-1'],
  },
});

const tolerating = (toleration: object) => podOn('web-1', { spec: { ...podOn('web-1').spec, tolerations: [toleration] } });

table(toleratesFence, {
  'a Pod of the defaults': {
    see: silentNode({
      nodePods: read(
        [tolerating({ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })],
        NOW,
      ),
    }),
    when,
    says: [],
  },
  'one that tolerates everything': {
    see: silentNode({ nodePods: read([tolerating({ operator: 'Exists' })], NOW) }),
    when,
    says: ['the fence does not delete Pods that tolerate it: web-1'],
    tries: ['kubectl delete pod web-1 -n prod --wait=false'],
  },
});

table(nodeStillSilent, {
  'a node that is back': { see: silentNode({}, ready), when, says: [] },
  'one that is not': { see: silentNode(), when, says: ['node node-1 is not Ready'] },
});

function attested(attest: string, bootID: string): Node {
  const text = JSON.stringify({ attest, evidence: 'BMC', by: 'ann@here', at: '2026-06-01T11:59:00Z', bootID, pods: [] });
  return { ...ready, metadata: { ...ready.metadata, annotations: { [ATTESTATION_ANNOTATION]: text } } };
}

table(sameBoot, {
  'nothing attested': { see: silentNode({}, ready), when, says: [] },
  'booted since': { see: silentNode({}, attested('powered-off', 'boot-0')), when, says: [] },
  'its storage was fenced, it need not boot': { see: silentNode({}, attested('storage-fenced', 'boot-1')), when, says: [] },
  'attested to be off, and never was': {
    see: silentNode({}, attested('powered-off', 'boot-1')),
    when,
    says: ['node node-1 is of the same boot as when ann@here attested that it was powered-off: it was never off'],
    seen: ['node/node-1: status.nodeInfo.bootID = boot-1'],
  },
});

table(fenceInstead, {
  'a Pod of a node that could be fenced': {
    see: silentNode(),
    when,
    says: ['this deletes one Pod and detaches nothing: an attached volume stays on node node-1 for up to six minutes'],
    tries: ['kubectl sts-safe node fence node-1 -n prod'],
  },
  'no node': { see: silentNode({ node: read([], NOW) }), when, says: [] },
});

const two = { nodePods: read([podOn('web-1'), podOn('web-2')], NOW), attachments: read([], NOW) };
const both = { ...two, volumes: read([volumeFor('data-web-1'), volumeFor('data-web-2')], NOW) };

table(sharedVolume, {
  'all Pods of the node': { see: silentNode(both), when, says: [/: data-web-1, data-web-2$/] },
  'the one that is removed': {
    see: { ...silentNode(both), target: { namespace: 'prod', name: 'web', node: 'node-1' } },
    when: { ...when, onNode: 'web-2' },
    says: [/: data-web-2$/],
  },
});

const setNamed = (annotations: Readonly<Record<string, string>>) =>
  ({
    metadata: { name: 'web', namespace: 'prod', uid: 'set', resourceVersion: '1', annotations },
    spec: {},
    status: {},
  }) as unknown as StatefulSet;

table(nodeOperationOpen, {
  'no operation': { see: silentNode({ nodeSets: read([setNamed({})], NOW) }), when, says: [] },
  'one that is unfinished': {
    see: silentNode({ nodeSets: read([setNamed({ 'sts-safe.dev/operation': '{}' })], NOW) }),
    when,
    says: ['an operation on StatefulSet web in namespace prod is unfinished, and has a Pod on the node'],
    tries: [/^kubectl sts-safe status web --namespace prod/],
  },
});
