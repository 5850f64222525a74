import type { Autoscaler, DisruptionBudget, ScaledObject } from '../../domain/kube.ts';
import { lighten, pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const hpas: ListSlice<Autoscaler> = {
  resource: { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: pick(raw.spec, 'scaleTargetRef', 'minReplicas', 'maxReplicas', 'behavior'),
  }),
};

/** KEDA, where it is installed. */
export const scaledObjects: ListSlice<ScaledObject> = {
  resource: { group: 'keda.sh', version: 'v1alpha1', resource: 'scaledobjects', namespaced: true },
  decode: lighten,
};

export const pdbs: ListSlice<DisruptionBudget> = {
  resource: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: pick(raw.spec, 'minAvailable', 'maxUnavailable', 'selector'),
    status: pick(raw.status, 'disruptionsAllowed'),
  }),
};
