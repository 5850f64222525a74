import type { Autoscaler, ScaledObject } from './kube.ts';

/** The reference means an apps StatefulSet of this name; other groups have a kind StatefulSet of their own (Kruise). */
function isSet(ref: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string } | undefined, name: string): boolean {
  return ref?.kind === 'StatefulSet' && ref.name === name && (ref.apiVersion ?? 'apps/v1').startsWith('apps/');
}

export function autoscales(hpa: Autoscaler, setName: string): boolean {
  return isSet(hpa.spec.scaleTargetRef, setName);
}

/** KEDA's default kind is Deployment. */
export function kedaScales(object: ScaledObject, setName: string): boolean {
  return isSet(object.spec.scaleTargetRef, setName);
}

/** An HPA that KEDA made: pausing it would be undone, the ScaledObject is the one to talk to. */
export function isMadeByKeda(hpa: Autoscaler): boolean {
  return hpa.metadata.name.startsWith('keda-hpa-') || (hpa.metadata.ownerReferences ?? []).some((owner) => owner.kind === 'ScaledObject');
}

/** minReplicas as the API defaults it. */
export function minReplicasOf(hpa: Autoscaler): number {
  return hpa.spec.minReplicas ?? 1;
}

/**
 * An HPA that will leave every count between `low` and `high` alone: both directions Disabled, and its bounds out of
 * the way, for it raises to minReplicas and lowers to maxReplicas whatever the behavior says
 * (podautoscaler/horizontal.go, reconcileAutoscaler). At 0 it is idle unless minReplicas is 0.
 */
export function isAsleep(hpa: Autoscaler, low: number, high: number): boolean {
  const { behavior, maxReplicas } = hpa.spec;
  const disabled = behavior?.scaleUp?.selectPolicy === 'Disabled' && behavior.scaleDown?.selectPolicy === 'Disabled';
  const min = minReplicasOf(hpa);
  return disabled && min >= 1 && min <= Math.max(1, low) && high <= maxReplicas;
}

const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas';

/**
 * A ScaledObject that will leave the set at `target`: `paused` freezes the present count; `paused-replicas` scales to
 * its number first and wins when both are there (KEDA's documentation, "Pausing autoscaling").
 */
export function isKedaPaused(object: ScaledObject, target: number): boolean {
  const annotations = object.metadata.annotations ?? {};
  const replicas = annotations[PAUSED_REPLICAS];
  if (replicas !== undefined) return Number(replicas) === target;
  return annotations[PAUSED] === 'true';
}
