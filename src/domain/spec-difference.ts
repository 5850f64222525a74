import { isDeepStrictEqual } from 'node:util';
import type { StatefulSet } from './kube.ts';

/** What a deletion changes itself on its way, and what is not about the members. */
const WITHOUT: ReadonlySet<string> = new Set(['replicas', 'persistentVolumeClaimRetentionPolicy', 'revisionHistoryLimit']);

/**
 * Paths in spec that differ (`spec.template.spec.containers[0].image`), of what makes other members or treats them
 * otherwise, and what a deletion does not change itself: where there are any, its archive is not of this set any more.
 */
export function changedInSpec({ spec: before }: StatefulSet, { spec: after }: StatefulSet): readonly string[] {
  const [was, is] = [before, after].map((spec) => Object.fromEntries(Object.entries(spec).filter(([field]) => !WITHOUT.has(field))));
  return differences(was, is, 'spec');
}

function differences(was: unknown, is: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(was, is)) return [];
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length)
    return was.flatMap((item: unknown, index) => differences(item, is[index], `${path}[${index}]`));
  if (!isPlain(was) || !isPlain(is)) return [path];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => differences(was[key], is[key], `${path}.${key}`));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
