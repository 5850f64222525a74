import type { ClusterRef } from '../domain/snapshot.ts';
import type { Examined } from '../inspect/doctor.ts';
import { renderPlace } from './place.ts';
import { paintHealth } from './status/line.ts';
import type { View } from './style.ts';
import { hanging, inert } from './text.ts';

/** Above each question of `recover`: where, which set, how it is, and what is wrong. */
export function renderRecoverHead(raw: Examined, message: string, cluster: ClusterRef, view: View): string {
  const { namespace, name, health } = inert(raw);
  const shown = health === undefined ? '' : `: ${paintHealth(health, view.style)}`;
  return [
    renderPlace(inert(cluster), namespace, view),
    `${view.style.strong(`StatefulSet ${name}`)}${shown}`,
    ...hanging(inert({ message }).message, view.width, '  '),
  ].join('\n');
}
