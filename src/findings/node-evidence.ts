import type { Evidence, OperationRemedy } from '../domain/finding.ts';
import type { Node } from '../domain/kube.ts';
import { type NodePod, podsOnNode } from '../domain/node-pods.ts';
import type { NodeSign } from '../domain/node-signs.ts';
import { listOf, nodeOf, type Snapshot } from '../domain/snapshot.ts';
import type { Intent } from './check.ts';
import { seen } from './draft.ts';

/** What checks of a node's state have in common: the node, what was seen of it, and the command that shows all of it. */

/** The node of this look; undefined where there is none, or it could not be read. */
export function nodeIn(snapshot: Snapshot): Node | undefined {
  return listOf(snapshot, 'node')[0];
}

/** The slices by which a node is judged. */
export const SIGN_NEEDS = ['node', 'lease', 'kubelet', 'podAnswers'] as const;

export function evidenceOf(snapshot: Snapshot, signs: readonly NodeSign[]): readonly Evidence[] {
  const object = `node/${nodeOf(snapshot.target) ?? ''}`;
  return signs.map(({ id, statement }) => seen(object, id, statement));
}

export function nodeCheck(name: string): OperationRemedy {
  return { do: 'operation', operation: 'node check', subject: { kind: 'node', name }, options: {}, why: 'shows all evidence' };
}

/** Fences the node, with what was attested for one of its Pods. */
export function nodeFence(name: string, { attested }: Intent, why: string): OperationRemedy {
  return { do: 'operation', operation: 'node fence', subject: { kind: 'node', name }, options: { ...attested }, why };
}

/** The Pods that are removed from the node. */
export function removedFrom(snapshot: Snapshot, { onNode }: Intent): readonly NodePod[] {
  const all = podsOnNode(snapshot);
  if (onNode === undefined) return all;
  const { namespace } = snapshot.target;
  return all.filter(({ pod: { metadata } }) => metadata.name === onNode && metadata.namespace === namespace);
}
