import type { Autoscaler, DisruptionBudget, ScaledObject } from '../../domain/kube.ts';
import { lighten, OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

export const hpas: ListSlice<Autoscaler> = {
  resource: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', namespaced: true },
  decode: shaped<Autoscaler>({
    ...OBJECT,
    spec: shaped<Autoscaler['spec']>({ scaleTargetRef: KEEP, minReplicas: KEEP, maxReplicas: KEEP, behavior: KEEP }),
  }),
};

/** KEDA, where it is installed. */
export const scaledObjects: ListSlice<ScaledObject> = {
  resource: { group: 'keda.sh', version: 'v1alpha1', resource: 'scaledobjects', namespaced: true },
  addOn: true,
  decode: lighten,
};

export const pdbs: ListSlice<DisruptionBudget> = {
  resource: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', namespaced: true },
  decode: shaped<DisruptionBudget>({
    ...OBJECT,
    spec: shaped<DisruptionBudget['spec']>({ minAvailable: KEEP, maxUnavailable: KEEP, selector: KEEP }),
    status: shaped<DisruptionBudget['status']>({
      disruptionsAllowed: KEEP,
      currentHealthy: KEEP,
      desiredHealthy: KEEP,
      expectedPods: KEEP,
    }),
  }),
};
