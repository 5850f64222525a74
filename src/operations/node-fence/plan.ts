import { CannotError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Node } from '../../domain/kube.ts';
import { isNodeLost } from '../../domain/lost-node.ts';
import { isOfNodeAlone, type NodePod, podsOnNode, toleratesFence } from '../../domain/node-pods.ts';
import { attestationOf, fenceTaintOf } from '../../domain/node-signs.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import type { PlacedPod } from '../../plan/condition.ts';
import type { BasedOn, NothingToDo } from '../../plan/plan.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { setless } from '../setless.ts';
import { fateOf, fateOfNode } from './fate.ts';
import type { FenceOptions } from './options.ts';
import { count, type Fenced, fenceSteps, removal } from './steps.ts';

export const FENCE = 'node fence';

/** @throws CannotError for a node that there is not */
export function nodeOfPlan({ target, cluster, ...snapshot }: Snapshot): Node {
  const [node] = listOf({ target, cluster, ...snapshot }, 'node');
  if (node !== undefined) return node;
  throw new CannotError(
    `node ${target.name} not found in context ${cluster.context} (${cluster.server})`,
    'the Pods of a deleted node are removed by the Pod garbage collector',
  );
}

/** It was fenced earlier, and has come back before anybody removed that. */
export function isBackFenced(node: Node): boolean {
  return fenceTaintOf(node) !== undefined && !isNodeLost(node);
}

export function fenceIntent({ snapshot }: PlanInput<FenceOptions>): Intent | NothingToDo {
  const node = nodeOfPlan(snapshot);
  const { name } = node.metadata;
  const isDone =
    fenceTaintOf(node) !== undefined && isNodeLost(node) && remaining(snapshot).length === 0 && followed(node, snapshot).length === 0;
  if (isDone) return { outcome: 'nothing-to-do', message: `node ${name} is already fenced, and no Pod remains on it` };
  return setless(FENCE);
}

/** The Pods that the fence deletes. */
function remaining(snapshot: Snapshot): readonly NodePod[] {
  return podsOnNode(snapshot).filter(({ pod }) => !isOfNodeAlone(pod) && !toleratesFence(pod));
}

const placeOf = ({ pod: { metadata } }: NodePod): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function placed({ pod: { metadata } }: NodePod): PlacedPod {
  return { namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
}

/** Pods of StatefulSets whose replacements an earlier run had not seen Ready: known by the attestation alone. */
function followed(node: Node, snapshot: Snapshot): readonly PlacedPod[] {
  const known = new Set(remaining(snapshot).map(placeOf));
  const names = fenceTaintOf(node) === undefined ? [] : (attestationOf(node)?.pods ?? []);
  const ready = new Set(
    listOf(snapshot, 'replacements').flatMap(({ metadata, status, spec }) =>
      spec.nodeName !== node.metadata.name && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true
        ? [`${metadata.namespace ?? ''}/${metadata.name}`]
        : [],
    ),
  );
  return names
    .filter((place) => !known.has(place) && !ready.has(place))
    .map((place) => ({ namespace: place.split('/')[0] ?? '', name: place.split('/')[1] ?? '', uid: '' }));
}

export function fencePlan(input: PlanInput<FenceOptions>, _intent: Intent, findings: readonly Finding[]): PlanDraft {
  const { snapshot, allowed, options } = input;
  const { cluster, target } = snapshot;
  const node = nodeOfPlan(snapshot);
  const common = {
    schema: 1,
    operation: FENCE,
    cluster,
    target,
    options: { ...options },
    allowed,
    findings,
    putBack: {},
    archive: '',
  } as const;
  if (isBackFenced(node))
    return {
      ...common,
      summary: `node ${target.name} is Ready again: remove the fence that an earlier run has set`,
      changes: [],
      basedOn: [plannedOnNode(node)],
      steps: [removal(node, input.stepTimeoutMs)],
      consent: { kind: 'yes-no' },
    };
  const pods = remaining(snapshot);
  return {
    ...common,
    summary: summaryOf(target.name, pods, options),
    changes: [fateOfNode(node, options, 'out of service'), ...pods.flatMap((one) => fateOf(one, snapshot))],
    basedOn: [plannedOnNode(node), ...pods.map(plannedOnPod)],
    steps: fenceSteps(fencedBy(node, pods, snapshot), options, input.stepTimeoutMs),
    consent: consentTo({ kind: 'typed' }, target.name),
  };
}

function summaryOf(name: string, pods: readonly NodePod[], { attest }: FenceOptions): string {
  const volumes = volumesOf(pods);
  const what = [count(pods.length, 'Pod'), ...(volumes.length === 0 ? [] : [`detach ${count(volumes.length, 'volume')}`])].join(', ');
  return `take node ${name} out of service, which is attested to be ${attest}: delete ${what} by force`;
}

function volumesOf(pods: readonly NodePod[]): readonly string[] {
  const attached = pods.flatMap(({ volumes }) =>
    volumes.flatMap(({ volume, attachment }) => (attachment === undefined ? [] : [volume ?? ''])),
  );
  return [...new Set(attached)].filter((volume) => volume !== '');
}

function fencedBy(node: Node, pods: readonly NodePod[], snapshot: Snapshot): Fenced {
  const ofSets = pods.filter(({ set }) => set !== undefined).map(placed);
  return { node, pods: pods.map(placed), volumes: volumesOf(pods), replaced: [...ofSets, ...followed(node, snapshot)] };
}

function plannedOnNode(node: Node): BasedOn {
  const { metadata, status, spec } = node;
  return {
    object: `node/${metadata.name}`,
    uid: metadata.uid,
    fields: {
      bootID: status.nodeInfo?.bootID ?? '',
      ready: status.conditions?.find(({ type }) => type === 'Ready')?.status ?? '',
      fenced: (spec.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/out-of-service'),
    },
  };
}

function plannedOnPod({ pod: { metadata } }: NodePod): BasedOn {
  return { object: `pod/${metadata.name}`, uid: metadata.uid, fields: { namespace: metadata.namespace ?? '' } };
}
