import type { EndpointSlice } from '../../domain/kube.ts';
import { pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const endpointSlices: ListSlice<EndpointSlice> = {
  resource: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    ...pick(raw, 'addressType'),
    ...(raw.endpoints && {
      endpoints: raw.endpoints.map((endpoint) => pick(endpoint, 'addresses', 'hostname', 'nodeName', 'conditions', 'targetRef')),
    }),
  }),
};
