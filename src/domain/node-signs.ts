import type { Lease, Node, ObjectCondition, Taint } from './kube.ts';
import { isNodeLost } from './lost-node.ts';
import type { Reading } from './reading.ts';
import { listOf, nodeOf, type Snapshot, sliceOf } from './snapshot.ts';

/** What came back from the kubelet or a Pod that was asked through the API server. */
export interface NodeAnswer {
  /** `node/n`, `pod/p`. */
  readonly object: string;
  /** `refusal`: the machine answers, and nobody listens on that port. */
  readonly heard: 'answer' | 'refusal' | 'silence';
  readonly words: string;
}

/**
 * How much a sign says about whether anything still runs on the node (semantics, section 4): `counter` says that it does, and
 * blocks; `proof` that it does not; `strong` that it very likely does not. `weak` looks the same for a node that is cut off.
 */
export type SignGrade = 'proof' | 'strong' | 'weak' | 'counter' | 'machine-up' | 'none' | 'unknown';

/** One thing that was read about a node, and what it says. */
export interface NodeSign {
  readonly id: 'node' | 'ready' | 'lease' | 'kubelet' | 'pods' | 'taint' | 'attestation';
  readonly grade: SignGrade;
  /** "Ready is Unknown (NodeStatusUnknown)". */
  readonly statement: string;
  /** Object and field. */
  readonly source: string;
  /** How long it has been so, milliseconds by the API server's clock. */
  readonly sinceMs?: number;
}

/** By a cloud controller that was told so by the provider (k8s.io/cloud-provider/api, TaintNodeShutdown). */
export const SHUTDOWN_TAINT = 'node.cloudprovider.kubernetes.io/shutdown';
/** The word of a person or of a program that the machine is off (KEP-2268). */
export const OUT_OF_SERVICE_TAINT = 'node.kubernetes.io/out-of-service';

/** Value of an out-of-service taint of ours. */
export const FENCE_VALUE = 'sts-safe';
/** Label of a node that is fenced by us, so that one list finds it; its value is always `true`. */
export const FENCE_LABEL = 'sts-safe.dev/fenced';
/** JSON: what was attested, of which boot, by whom, when. It is kept after a forced deletion as well, which sets no taint. */
export const ATTESTATION_ANNOTATION = 'sts-safe.dev/attestation';

export const ATTESTATIONS = ['powered-off', 'storage-fenced', 'destroyed'] as const;

/** What a person vouches for, as it stands on the node. */
export interface Attestation {
  readonly attest: (typeof ATTESTATIONS)[number];
  readonly evidence: string;
  readonly by: string;
  /** RFC 3339, the server's clock. */
  readonly at: string;
  /** It is about this boot of the machine, and no later one. */
  readonly bootID: string;
  /** `NAMESPACE/NAME` of the Pods of StatefulSets that were on the node: whoever runs the command again follows these. */
  readonly pods: readonly string[];
}

/** The attestation on a node; undefined where there is none, or where it cannot be read. */
export function attestationOf({ metadata: { annotations = {} } }: Pick<Node, 'metadata'>): Attestation | undefined {
  const text = annotations[ATTESTATION_ANNOTATION];
  if (text === undefined) return undefined;
  try {
    const { attest, evidence, by, at, bootID, pods } = JSON.parse(text) as Partial<Attestation>;
    if (attest === undefined || !ATTESTATIONS.includes(attest)) return undefined;
    return {
      attest,
      evidence: String(evidence),
      by: String(by),
      at: String(at),
      bootID: String(bootID),
      pods: Array.isArray(pods) ? pods.map(String) : [],
    };
  } catch {
    // Whoever wrote that, it vouches for nothing.
    return undefined;
  }
}

/** An out-of-service taint of ours; undefined where there is none, or another client's. */
export function fenceTaintOf(node: Pick<Node, 'spec'>): Taint | undefined {
  return outOfServiceOf(node).find(({ value }) => value === FENCE_VALUE);
}

export function outOfServiceOf({ spec }: Pick<Node, 'spec'>): readonly Taint[] {
  return (spec.taints ?? []).filter(({ key }) => key === OUT_OF_SERVICE_TAINT);
}

export function readyOf({ status }: Pick<Node, 'status'>): ObjectCondition | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready');
}

/** What a look says about whether anything still runs on its node, in the order in which people are shown it. */
export function signsOf(snapshot: Snapshot): readonly NodeSign[] {
  const node = listOf(snapshot, 'node')[0];
  return [
    ...nodeSigns(snapshot, node),
    ...leaseSigns(snapshot, node),
    ...answerSigns(snapshot),
    ...(node === undefined ? [] : [...taintSigns(node, snapshot.now), ...attestationSigns(node, snapshot.now)]),
  ];
}

function nodeSigns(snapshot: Snapshot, node: Node | undefined): readonly NodeSign[] {
  const reading = sliceOf(snapshot, 'node');
  const name = nodeOf(snapshot.target) ?? '';
  if (reading.state === 'unknown') return [{ id: 'node', grade: 'unknown', statement: reading.message, source: `node/${name}` }];
  // A cloud controller deletes the node of an instance that is gone; so may anybody.
  if (node === undefined) return [{ id: 'node', grade: 'strong', statement: 'there is no such Node object', source: `node/${name}` }];
  const ready = readyOf(node);
  const source = `node/${name}: status.conditions[Ready]`;
  if (ready === undefined) return [{ id: 'ready', grade: 'unknown', statement: 'has never reported', source }];
  const reason = ready.reason === undefined || ready.reason === '' ? '' : ` (${ready.reason})`;
  const grade = isNodeLost(node) ? 'weak' : 'counter';
  return [{ id: 'ready', grade, statement: `Ready is ${ready.status}${reason}`, source, ...since(ready.lastTransitionTime, snapshot.now) }];
}

/** Without a duration of its own: that of kubelets (pkg/kubelet/apis/config, NodeLeaseDurationSeconds). */
const LEASE_SECONDS = 40;

/** Milliseconds until a Lease that was renewed then counts as not renewed. */
export function leaseMs(lease: Lease): number {
  return (lease.spec.leaseDurationSeconds ?? LEASE_SECONDS) * 1000;
}

function leaseSigns(snapshot: Snapshot, node: Node | undefined): readonly NodeSign[] {
  const reading = sliceOf(snapshot, 'lease');
  const source = `lease/${nodeOf(snapshot.target) ?? ''} in kube-node-lease: spec.renewTime`;
  if (reading.state === 'unknown') return [{ id: 'lease', grade: 'unknown', statement: reading.message, source }];
  const lease = reading.state === 'read' ? reading.value[0] : undefined;
  if (lease === undefined) return [{ id: 'lease', grade: node === undefined ? 'none' : 'weak', statement: 'there is no Lease', source }];
  const renewed = Date.parse(lease.spec.renewTime ?? '');
  if (Number.isNaN(renewed)) return [{ id: 'lease', grade: 'weak', statement: 'was never renewed', source }];
  const age = Math.max(0, snapshot.now - renewed);
  const isFresh = age < leaseMs(lease);
  const statement = isFresh ? 'the kubelet renews its Lease' : 'the kubelet does not renew its Lease';
  return [{ id: 'lease', grade: isFresh ? 'counter' : 'weak', statement, source, sinceMs: age }];
}

function answerSigns(snapshot: Snapshot): readonly NodeSign[] {
  const kubelet = sliceOf(snapshot, 'kubelet');
  const pods = sliceOf(snapshot, 'podAnswers');
  return [
    ...answers(kubelet.state === 'read' ? { ...kubelet, value: [kubelet.value] } : kubelet, 'kubelet', 'GET /healthz of the kubelet'),
    ...answers(pods, 'pods', 'GET of a port of the Pod'),
  ];
}

function answers(reading: Reading<readonly NodeAnswer[]>, id: 'kubelet' | 'pods', how: string): readonly NodeSign[] {
  const source = `${how}, through the API server`;
  if (reading.state === 'unknown') return [{ id, grade: 'unknown', statement: reading.message, source }];
  if (reading.state === 'absent') return [];
  const said = reading.value.map(({ object, heard, words }): NodeSign => {
    const who = id === 'kubelet' ? 'the kubelet' : `Pod ${object.replace('pod/', '')}`;
    return { id, source, ...judged(who, heard, words) };
  });
  if (said.length > 0 || id === 'kubelet') return said;
  return [{ id, grade: 'none', statement: 'no Pod of a StatefulSet here declares a port to ask', source }];
}

function judged(who: string, heard: NodeAnswer['heard'], words: string): Pick<NodeSign, 'grade' | 'statement'> {
  switch (heard) {
    case 'answer':
      return { grade: 'counter', statement: `${who} ${words}` };
    case 'refusal':
      return { grade: 'machine-up', statement: `the machine refuses the connection to ${who}: it is up, and its containers may be` };
    case 'silence':
      return { grade: 'weak', statement: `${who} does not answer: ${words}` };
  }
}

function taintSigns(node: Node, now: number): readonly NodeSign[] {
  const source = `node/${node.metadata.name}: spec.taints`;
  const shutdown = (node.spec.taints ?? []).find(({ key }) => key === SHUTDOWN_TAINT);
  const others = outOfServiceOf(node).filter(({ value }) => value !== FENCE_VALUE);
  return [
    ...(shutdown === undefined
      ? []
      : [sign('strong', 'the cloud provider reports the machine as shut down', `${source}[${SHUTDOWN_TAINT}]`, shutdown, now)]),
    ...others.map((taint) =>
      sign(
        'strong',
        `another client has declared it out of service (value ${taint.value ?? '<none>'})`,
        `${source}[${taint.key}]`,
        taint,
        now,
      ),
    ),
  ];
}

function sign(grade: SignGrade, statement: string, source: string, { timeAdded }: Taint, now: number): NodeSign {
  return { id: 'taint', grade, statement, source, ...since(timeAdded, now) };
}

/** What somebody vouched for counts for that boot of the machine alone. */
function attestationSigns(node: Node, now: number): readonly NodeSign[] {
  const attestation = attestationOf(node);
  if (attestation === undefined) return [];
  const { attest, by, at, bootID, evidence } = attestation;
  const source = `node/${node.metadata.name}: ${ATTESTATION_ANNOTATION}`;
  const isOfThisBoot = bootID === (node.status.nodeInfo?.bootID ?? '');
  const statement = `${by} attested ${attest}: ${evidence}${isOfThisBoot ? '' : ' (of an earlier boot)'}`;
  return [{ id: 'attestation', grade: isOfThisBoot ? 'proof' : 'none', statement, source, ...since(at, now) }];
}

function since(time: string | undefined, now: number): { readonly sinceMs?: number } {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? {} : { sinceMs: Math.max(0, now - at) };
}
