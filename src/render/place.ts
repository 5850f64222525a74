import type { ClusterRef } from '../domain/snapshot.ts';
import type { View } from './style.ts';

/** "The right cluster" (principle 9): the head line of every plan, refusal and prompt. */
export function renderPlace(cluster: ClusterRef, namespace: string, { style }: Pick<View, 'style'>): string {
  return [
    `context ${style.strong(cluster.context)}`,
    cluster.server,
    ...(namespace === '' ? [] : [`namespace ${style.strong(namespace)}`]),
  ].join(style.faint(' · '));
}
