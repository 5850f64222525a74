import type { EndpointSlice } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { each, KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

export const endpointSlices: ListSlice<EndpointSlice> = {
  resource: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespaced: true },
  decode: shaped<EndpointSlice>({
    ...OBJECT,
    addressType: KEEP,
    ports: KEEP,
    endpoints: each(shaped<Endpoint>({ addresses: KEEP, hostname: KEEP, nodeName: KEEP, conditions: KEEP, targetRef: KEEP })),
  }),
};
