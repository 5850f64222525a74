import { isObserved, isOrdered } from '../../domain/controller.ts';
import { whyUnhealthy } from '../../domain/health.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf, releasedPods } from '../../domain/members.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { whyUncreatable } from '../../domain/uncreatable.ts';
import { known } from '../draft.ts';

/** A Pod that the controller tries to create and cannot, and why, in the API server's words. */
export interface Uncreated {
  readonly name: string;
  readonly why: string;
}

/** By the controller's own events. One that is held up by a Pod of its name has a diagnosis of its own (released-pod). */
export function uncreatedPods(set: StatefulSet, snapshot: Snapshot): readonly Uncreated[] {
  const pods = known(snapshot, 'pods');
  if (pods === undefined || !isObserved(set)) return [];
  const taken = new Set(releasedPods(set, pods).map(({ metadata }) => metadata.name));
  const down = membersOf(set, pods).filter(
    ({ inRange, pod }) => inRange && whyUnhealthy(pod, set.spec.minReadySeconds ?? 0, snapshot.now) !== undefined,
  );
  const missing = (isOrdered(set) ? down.slice(0, 1) : down).filter(({ pod, name }) => pod === undefined && !taken.has(name));
  return missing.flatMap(({ name }) => {
    const why = whyUncreatable(set, name, pods, known(snapshot, 'events') ?? [], snapshot.now);
    return why === undefined ? [] : [{ name, why }];
  });
}

const QUOTA = /exceeded quota: ([^,\s]+), requested: (.+), used: (.+), limited: (.+)$/;

/** A quota by whose name the API server refuses, with what was asked for, used and allowed. */
export interface QuotaRefusal {
  readonly quota: string;
  readonly requested: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
}

/** `exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3`; undefined for another refusal. */
export function quotaRefusal(why: string): QuotaRefusal | undefined {
  const [, quota, requested, used] = QUOTA.exec(why) ?? [];
  return quota === undefined ? undefined : { quota, requested: amounts(requested ?? ''), used: amounts(used ?? '') };
}

function amounts(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split(',').map((one) => one.split('=') as [string, string]));
}

/** Admission by a policy, a webhook or Pod Security said no, or could not be asked. */
const ADMISSION =
  /admission webhook|ValidatingAdmissionPolicy|violates PodSecurity|failed calling webhook|denied the request|is forbidden: .*(denied|policy)/;

export function isAdmission(why: string): boolean {
  return quotaRefusal(why) === undefined && ADMISSION.test(why);
}
