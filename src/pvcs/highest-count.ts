import type { Evidence } from '../domain/finding.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import type { Surroundings } from './surroundings.ts';

/** A number of replicas that a set may have again, and who says so. */
export interface KnownCount {
  readonly replicas: number;
  /** `HorizontalPodAutoscaler pq`, `its saved manifest`. */
  readonly by: string;
  readonly evidence: Evidence;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** kube-downscaler and its forks note here what they scale down from. */
const DOWNSCALER = 'downscaler/original-replicas';

/** The highest number of replicas that anything known would give the set: PVCs below it are parked, not left over. */
export function highestCount(set: StatefulSet, surroundings: Surroundings): KnownCount {
  const object = `statefulset/${set.metadata.name}`;
  const replicas = replicasOf(set);
  const counts: readonly KnownCount[] = [
    { replicas, by: 'spec.replicas', evidence: { object, field: 'spec.replicas', value: String(replicas) } },
    ...surroundings.scalersOf(set).map(({ kind, by, most }) => ({
      replicas: most,
      by: `${kind} ${by}`,
      evidence: {
        object: `${kind.toLowerCase()}/${by}`,
        field: kind === 'ScaledObject' ? 'spec.maxReplicaCount' : 'spec.maxReplicas',
        value: String(most),
      },
    })),
    ...savedCount(set, surroundings),
    ...annotated(set, object),
  ];
  return counts.reduce((most, one) => (one.replicas > most.replicas ? one : most));
}

function savedCount(set: StatefulSet, surroundings: Surroundings): readonly KnownCount[] {
  const saved = surroundings.savedSet(set);
  if (saved === undefined) return [];
  const { replicas } = saved;
  const evidence = { object: `secret/sts-safe.${set.metadata.name}`, field: 'index[].replicas', value: String(replicas) };
  return [{ replicas, by: 'a saved manifest', evidence }];
}

function annotated({ metadata: { annotations = {} } }: StatefulSet, object: string): readonly KnownCount[] {
  const noted = { key: DOWNSCALER, by: `annotation ${DOWNSCALER}`, replicas: countIn(annotations[DOWNSCALER]) };
  const applied = { key: LAST_APPLIED, by: 'the last applied manifest', replicas: appliedIn(annotations[LAST_APPLIED]) };
  return [noted, applied].flatMap(({ key, by, replicas }) =>
    replicas === undefined ? [] : [{ replicas, by, evidence: { object, field: `metadata.annotations[${key}]`, value: String(replicas) } }],
  );
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function appliedIn(text: string | undefined): number | undefined {
  try {
    const applied = JSON.parse(text ?? 'null') as { readonly spec?: { readonly replicas?: unknown } } | null;
    const replicas = applied?.spec?.replicas;
    return typeof replicas === 'number' ? replicas : undefined;
  } catch {
    return undefined;
  }
}
