import type { Json, StatefulSet } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import { partitionOf } from '../../domain/revisions.ts';
import type { FieldChange } from '../../plan/action.ts';

const STRATEGY = '/spec/updateStrategy';
const ROLLING = `${STRATEGY}/rollingUpdate`;
const PARTITION = `${ROLLING}/partition`;

export function isOnDelete({ spec: { updateStrategy } }: StatefulSet): boolean {
  return updateStrategy?.type === 'OnDelete';
}

/** The whole strategy in one field: of OnDelete the API takes nothing beside the type. */
export function rollingFromOnDelete(partition: number): FieldChange {
  return { path: STRATEGY, from: { type: 'OnDelete' }, to: { type: 'RollingUpdate', rollingUpdate: { partition } } };
}

/** Sets the partition, which counts from ordinals.start, also where a set has no such object: `{type: RollingUpdate}` alone is stored as it is [X]. */
export function partitionAdded({ spec: { updateStrategy } }: StatefulSet, to: number): FieldChange {
  if (updateStrategy === undefined)
    return { path: STRATEGY, from: undefined, to: { type: 'RollingUpdate', rollingUpdate: { partition: to } } };
  if (updateStrategy.rollingUpdate === undefined) return { path: ROLLING, from: undefined, to: { partition: to } };
  return { path: PARTITION, from: updateStrategy.rollingUpdate.partition, to };
}

export function partitionMoved(from: number, to: number): FieldChange {
  return { path: PARTITION, from, to };
}

/** Takes off what was added beside the partition, when it is 0: that restarts nothing. */
export function strategyPutBack(original: StatefulSet, live: StatefulSet): readonly FieldChange[] {
  const { updateStrategy } = original.spec;
  if (isOnDelete(original))
    return replicasOf(original) === 0 ? [] : [{ path: STRATEGY, from: written(live, STRATEGY), to: { type: 'OnDelete' } }];
  if (updateStrategy?.rollingUpdate !== undefined) return [];
  if (updateStrategy === undefined) return [{ path: STRATEGY, from: written(live, STRATEGY), to: undefined }];
  return [{ path: ROLLING, from: written(live, ROLLING), to: undefined }];
}

/** As it stands there by then: with whatever the server has added. */
function written({ spec: { updateStrategy } }: StatefulSet, path: string): Json {
  const rollingUpdate = { ...updateStrategy?.rollingUpdate, partition: 0 };
  return path === ROLLING ? rollingUpdate : { ...updateStrategy, type: 'RollingUpdate', rollingUpdate };
}

/** The partition that these changes leave; undefined where they are not about it. */
export function partitionIn(changes: readonly { readonly path: string; readonly to: Json | undefined }[]): number | undefined {
  const [change] = changes.filter(({ path }) => path.startsWith(STRATEGY));
  if (change === undefined) return undefined;
  if (change.path === PARTITION) return typeof change.to === 'number' ? change.to : 0;
  const rollingUpdate = change.path === ROLLING ? change.to : (change.to as { readonly rollingUpdate?: Json } | undefined)?.rollingUpdate;
  return partitionOf({ spec: { updateStrategy: { rollingUpdate } } } as unknown as StatefulSet);
}
