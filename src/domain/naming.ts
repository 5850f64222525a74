import type { ClaimTemplate, StatefulSet } from './kube.ts';

/**
 * Names of Pods and claims, always generated from a live or archived set and compared, never split:
 * `data-a-web-0` belongs to (data, a-web) as well as to (data-a, web) (semantics, section 3).
 */

/** spec.replicas as the API defaults it. */
export function replicasOf(set: StatefulSet): number {
  return set.spec.replicas ?? 1;
}

/** First ordinal: spec.ordinals.start, GA in 1.31. */
export function startOf(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}

/** Ordinals that the set should have now, lowest first. */
export function ordinalsOf(set: StatefulSet): readonly number[] {
  return Array.from({ length: replicasOf(set) }, (_, index) => startOf(set) + index);
}

export function memberName(setName: string, ordinal: number): string {
  return `${setName}-${ordinal}`;
}

const ORDINAL = /^(?:0|[1-9]\d*)$/;

/**
 * The ordinal of a Pod's name under this set, or undefined for any other name. Leading zeros are no ordinal: the
 * controller would read `web-01` as 1 but never makes such a Pod.
 */
export function ordinalIn(setName: string, podName: string): number | undefined {
  if (!podName.startsWith(`${setName}-`)) return undefined;
  const rest = podName.slice(setName.length + 1);
  return ORDINAL.test(rest) ? Number(rest) : undefined;
}

/** Name of the PVC that the controller makes from this template for one Pod. */
export function claimName({ metadata }: ClaimTemplate, set: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${set.metadata.name}-${ordinal}`;
}

/** Names of the claims of one member, in template order. */
export function claimNames(set: StatefulSet, ordinal: number): readonly string[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => claimName(template, set, ordinal));
}

/** Where a PVC belongs. */
interface ClaimPlace {
  /** Name of the volumeClaimTemplate. */
  readonly template: string;
  readonly ordinal: number;
}

/** The template and ordinal for which `set` generates this PVC name, whatever its replicas; undefined when it never would. */
export function claimPlace(set: StatefulSet, name: string): ClaimPlace | undefined {
  for (const { metadata } of set.spec.volumeClaimTemplates ?? []) {
    const ordinal = ordinalIn(`${metadata.name}-${set.metadata.name}`, name);
    if (ordinal !== undefined) return { template: metadata.name, ordinal };
  }
  return undefined;
}

/** The ordinal alone. */
export function claimOrdinal(set: StatefulSet, name: string): number | undefined {
  return claimPlace(set, name)?.ordinal;
}
