import type { StatefulSet, StorageClass } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { claimUsage, plus, podUsage, type Usage } from '../domain/quota.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { defaultClass } from '../domain/storage.ts';
import type { Intent } from './check.ts';
import { known } from './draft.ts';

/** What one new member adds to the namespace. */
export interface MemberDemand {
  readonly pod: Usage;
  readonly claims: Usage;
}

/** What each member that arrives will have to be given, lowest first; what is there already costs nothing. */
export function demandOf(snapshot: Snapshot, { set, arriving }: Intent): readonly MemberDemand[] | undefined {
  const pods = known(snapshot, 'pods');
  const claims = known(snapshot, 'claims');
  if (pods === undefined || claims === undefined) return undefined;
  const running = podsNamedAfter(set.metadata.name, pods);
  const there = new Set(claims.map(({ metadata }) => metadata.name));
  const classes = known(snapshot, 'storageClasses') ?? [];
  return arriving.map((ordinal) => ({
    pod: running.has(ordinal) ? new Map() : podUsage(set.spec.template.spec),
    claims: plus(...missingTemplates(set, ordinal, there).map((template) => claimUsage(template, classNameOf(template, classes)))),
  }));
}

export type Template = NonNullable<StatefulSet['spec']['volumeClaimTemplates']>[number];

/** The claim templates of which this member's claim has to be created. */
export function missingTemplates({ metadata, spec }: StatefulSet, ordinal: number, there: ReadonlySet<string>): readonly Template[] {
  return (spec.volumeClaimTemplates ?? []).filter((template) => !there.has(`${template.metadata.name}-${metadata.name}-${ordinal}`));
}

/** No class named means the default one; an empty name means none. */
function classNameOf({ spec }: Template, classes: readonly StorageClass[]): string | undefined {
  return spec.storageClassName ?? defaultClass(classes)?.metadata.name;
}
