import type { StatefulSet } from '../../domain/kube.ts';
import { lighten } from './metadata.ts';
import type { ListSlice } from './slice.ts';

/** All StatefulSets of the namespace; template and claim templates whole, they are compared. */
export const sets: ListSlice<StatefulSet> = {
  resource: { group: 'apps', version: 'v1', resource: 'statefulsets', namespaced: true },
  decode: lighten,
};
