import type { StatefulSet } from './kube.ts';

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

/** Names of the claims of one member, in template order. */
export function claimNames(set: StatefulSet, ordinal: number): readonly string[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => `${template.metadata.name}-${set.metadata.name}-${ordinal}`);
}

/** The ordinal for which `set` generates this claim name, whatever its replicas; undefined when it never would. */
export function claimOrdinal(set: StatefulSet, claimName: string): number | undefined {
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const ordinal = ordinalIn(`${template.metadata.name}-${set.metadata.name}`, claimName);
    if (ordinal !== undefined) return ordinal;
  }
  return undefined;
}
