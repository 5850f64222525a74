import { names } from '../findings/draft.ts';
import type { Condition, PlacedPod } from '../plan/condition.ts';
import type { Plan } from '../plan/plan.ts';
import type { Statement } from './verified.ts';

/** What became of a node, its Pods and its volumes, by the conditions of a plan. */
export function nodeStatements({ target: { name } }: Pick<Plan, 'target'>, conditions: readonly Condition[]): readonly Statement[] {
  return conditions.flatMap((condition) => {
    const sentence = sentenceOf(condition, name);
    return sentence === undefined ? [] : [{ condition, says: () => [sentence] }];
  });
}

function sentenceOf(condition: Condition, node: string): string | undefined {
  if (condition.is === 'node-unfenced') return `node ${node} has no out-of-service taint of sts-safe`;
  if (condition.is === 'pods-off-node') return `${amount(condition.pods.length, 'Pod is', 'Pods are')} deleted: ${namesOf(condition.pods)}`;
  if (condition.is === 'volumes-off-node')
    return `${amount(condition.volumes.length, 'volume is', 'volumes are')} detached from node ${node}`;
  if (condition.is !== 'pods-replaced') return undefined;
  return `${amount(condition.pods.length, 'replacement is', 'replacements are')} Ready: ${namesOf(condition.pods)}`;
}

const amount = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

const namesOf = (pods: readonly PlacedPod[]): string => names(pods.map(({ namespace, name }) => `${namespace}/${name}`));
