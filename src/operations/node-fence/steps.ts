import type { Node } from '../../domain/kube.ts';
import { fenceTaintOf } from '../../domain/node-signs.ts';
import type { PlacedPod } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import type { FenceOptions } from './options.ts';
import { attestWrite, unfenceWrite } from './taint.ts';

const STEP_MS = 10 * 60_000;

/** The annotation must stay small; these are followed at most. */
const MOST_FOLLOWED = 50;

const WAIT = { action: { do: 'wait' }, preconditions: [] } as const;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
const are = (number: number): string => (number === 1 ? 'is' : 'are');

/** Everything of ours off the node. */
export function removal(node: Node, timeoutMs = STEP_MS): Step {
  const { name, uid } = node.metadata;
  return {
    id: 'unfence',
    title: `remove the out-of-service taint and the attestation from node ${name}`,
    action: { do: 'write', write: unfenceWrite(node) },
    preconditions: [],
    verify: [{ is: 'node-unfenced', uid }],
    timeoutMs,
  };
}

/** What a fence is about: the Pods that it deletes, their attached volumes, and those whose replacements are followed. */
export interface Fenced {
  readonly node: Node;
  readonly pods: readonly PlacedPod[];
  readonly volumes: readonly string[];
  readonly replaced: readonly PlacedPod[];
}

/** Taint, then wait; one that is set already is waited for alone. */
export function fenceSteps(fenced: Fenced, options: FenceOptions, timeoutMs = STEP_MS): readonly Step[] {
  const isSet = fenceTaintOf(fenced.node) !== undefined;
  return [
    ...(isSet ? [] : [fenceStep(fenced, options, timeoutMs)]),
    ...podsStep(fenced, timeoutMs),
    ...volumesStep(fenced, timeoutMs),
    ...replacementsStep(fenced, timeoutMs),
  ];
}

function fenceStep({ node, replaced }: Fenced, options: FenceOptions, timeoutMs: number): Step {
  const { uid, name } = node.metadata;
  const places = replaced.slice(0, MOST_FOLLOWED).map((pod) => `${pod.namespace}/${pod.name}`);
  return {
    id: 'fence',
    title: `set the out-of-service taint on node ${name}, with what was attested`,
    action: { do: 'write', write: attestWrite(node, options, places, true) },
    preconditions: [{ is: 'node-silent', uid, bootID: node.status.nodeInfo?.bootID ?? '' }],
    verify: [],
    rereads: ['lease', 'kubelet', 'podAnswers'],
    ifStopped: 'continues',
    timeoutMs,
  };
}

/** While Pods are left, a node that becomes Ready again runs them still: then nothing must be detached from it. */
function podsStep({ node, pods }: Fenced, timeoutMs: number): readonly Step[] {
  if (pods.length === 0) return [];
  const { uid, name } = node.metadata;
  return [
    {
      ...WAIT,
      id: 'pods-deleted',
      title: `wait until ${count(pods.length, 'Pod')} of node ${name} ${are(pods.length)} deleted`,
      verify: [{ is: 'pods-off-node', pods }],
      meanwhile: { condition: { is: 'node-unready', uid }, otherwise: unfenceWrite(node) },
      timeoutMs,
    },
  ];
}

function volumesStep({ node, volumes }: Fenced, timeoutMs: number): readonly Step[] {
  if (volumes.length === 0) return [];
  const title = `wait until ${count(volumes.length, 'volume')} ${are(volumes.length)} detached from node ${node.metadata.name}`;
  return [{ ...WAIT, id: 'volumes-detached', title, verify: [{ is: 'volumes-off-node', volumes }], timeoutMs }];
}

function replacementsStep({ replaced }: Fenced, timeoutMs: number): readonly Step[] {
  if (replaced.length === 0) return [];
  const title = `wait until ${count(replaced.length, 'replacement')} ${are(replaced.length)} Ready on other nodes`;
  const verify = [{ is: 'pods-replaced', pods: replaced }] as const;
  return [{ ...WAIT, id: 'replacements-ready', title, verify, rereads: ['replacements'], timeoutMs }];
}
