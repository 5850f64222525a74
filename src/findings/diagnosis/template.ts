import type { Container, StatefulSet, StorageClass } from '../../domain/kube.ts';
import type { ScheduledSpec } from '../../domain/scheduling.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { defaultClass } from '../../domain/storage.ts';
import { known } from '../draft.ts';

/** The parts of a Pod template that say where Pods may run together; raw JSON has them, the slim type leaves them out. */
export interface SpreadSpec extends ScheduledSpec {
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly affinity?: ScheduledSpec['affinity'] & {
    readonly podAntiAffinity?: { readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly unknown[] };
  };
}

/** The containers that serve: not init containers, nor sidecars among them. */
export function containersIn({ spec }: StatefulSet): readonly Container[] {
  return spec.template.spec.containers;
}

/** The StorageClasses of the claim templates, each once, as far as they could be read. */
export function classesOf({ spec }: StatefulSet, snapshot: Snapshot): readonly StorageClass[] {
  const classes = known(snapshot, 'storageClasses') ?? [];
  const found = (spec.volumeClaimTemplates ?? []).flatMap(({ spec: { storageClassName } }) =>
    storageClassName === undefined ? (defaultClass(classes) ?? []) : classes.filter(({ metadata }) => metadata.name === storageClassName),
  );
  return [...new Set(found)];
}
