import type { StatefulSet } from '../../domain/kube.ts';
import { LAST_APPLIED, lighten } from './metadata.ts';
import type { ListSlice } from './slice.ts';

/** All StatefulSets of the namespace; template and claim templates whole, they are compared. */
export const sets: ListSlice<StatefulSet> = {
  resource: { group: 'apps', version: 'v1', resource: 'statefulsets', namespaced: true },
  decode: (raw) => {
    const applied = appliedReplicas(raw);
    const light = lighten(raw);
    if (applied === undefined) return light;
    const annotations = { ...light.metadata.annotations, [LAST_APPLIED]: JSON.stringify({ spec: { replicas: applied } }) };
    return { ...light, metadata: { ...light.metadata, annotations } };
  },
};

/** Of kubectl apply's copy of the whole object, the number of replicas is all that is used. */
function appliedReplicas({ metadata: { annotations } }: StatefulSet): number | undefined {
  try {
    const applied = JSON.parse(annotations?.[LAST_APPLIED] ?? '{}') as { readonly spec?: { readonly replicas?: number } } | null;
    return applied?.spec?.replicas;
  } catch {
    return undefined;
  }
}
