import { familyOf, formatQuantity } from '../domain/quantity.ts';
import { countsClaims, countsPods, type Excess, excessOf, plus, type ScopedQuota, type Usage } from '../domain/quota.ts';
import type { Check, Draft, Intent } from './check.ts';
import { demandOf, type MemberDemand } from './demand.ts';
import { count, known, mergePatch, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * A ResourceQuota has less left than the new members need. The controller goes on trying, the rest of the set waits, and
 * on servers without #141057 a Parallel set with a failed creation does not even scale down again (#140858).
 */
export const quotaExceeded: Check = {
  id: 'quota-exceeded',
  title: 'A ResourceQuota has no room for the new members',
  meaning:
    'Pods, PVCs, storage or compute that the new members need are more than what the quota has left. Creation fails until there is room, and the set stays incomplete; a Parallel set with a failed creation does not scale down again on servers without #141057. What a LimitRange or a webhook adds is not foreseen.',
  remedy: 'Have the quota raised, or scale to what fits.',
  source: 'pkg/quota/v1/evaluator/core; #140858',
  override: 'allow',
  needs: ['pods', 'claims', 'quotas', 'storageClasses'],
  run(snapshot, intent) {
    const demand = demandOf(snapshot, intent);
    if (demand === undefined) return [];
    return (known(snapshot, 'quotas') ?? []).flatMap((quota) => {
      const counted = demand.map((member) => countedBy(quota, member, intent));
      const excess = excessOf(quota, plus(...counted));
      return excess.length === 0 ? [] : [draftOf(quota, excess, roomFor(quota, counted), intent)];
    });
  },
};

function countedBy(quota: ScopedQuota, { pod, claims }: MemberDemand, { set }: Intent): Usage {
  return plus(...(countsPods(quota, set.spec.template.spec) ? [pod] : []), ...(countsClaims(quota) ? [claims] : []));
}

/** How many of the new members, in the order in which they are created, still fit. */
function roomFor(quota: ScopedQuota, members: readonly Usage[]): number {
  const first = members.findIndex((_, index) => excessOf(quota, plus(...members.slice(0, index + 1))).length > 0);
  return first < 0 ? members.length : first;
}

const OBJECTS = /pods$|persistentvolumeclaims$|requests\.storage$/;

function draftOf(quota: ScopedQuota, excess: readonly Excess[], room: number, intent: Intent): Draft {
  const { name } = quota.metadata;
  const words = excess.map((item) => sentence(quota, item)).join('; ');
  return {
    // What a container asks for may still be changed by a LimitRange or a webhook; objects and storage are what they are.
    grade: excess.some(({ resource }) => OBJECTS.test(resource)) ? 'proven' : 'likely',
    subject: subjectOf('resourcequota', quota),
    message: `quota ${name} has room for ${room} of ${count(intent.arriving.length, 'new member')}: ${words}`,
    evidence: excess.flatMap(({ resource }) => [
      seen(`resourcequota/${name}`, `status.hard[${resource}]`, quota.status.hard?.[resource]),
      seen(`resourcequota/${name}`, `status.used[${resource}]`, quota.status.used?.[resource]),
    ]),
    remedies: [raise(quota, excess), ...fewer(intent, room)],
  };
}

function sentence(quota: ScopedQuota, { resource, hard, used, asked }: Excess): string {
  const written = (value: bigint) => formatQuantity(value, familyOf(quota.status.hard?.[resource] ?? ''));
  return `${resource} ${written(asked)} needed, ${written(hard > used ? hard - used : 0n)} left of ${written(hard)}`;
}

function raise(quota: ScopedQuota, excess: readonly Excess[]) {
  const hard = Object.fromEntries(
    excess.map(({ resource, used, asked }) => [resource, formatQuantity(used + asked, familyOf(quota.status.hard?.[resource] ?? ''))]),
  );
  return mergePatch('resourcequota', quota.metadata.name, { spec: { hard } }, 'raise it to what is needed, if you may');
}

function fewer({ scales, set, staying }: Intent, room: number) {
  if (scales !== true || room === 0) return [];
  return [operationToRun('scale', set.metadata.name, { replicas: staying.length + room }, 'or scale to what fits')];
}
