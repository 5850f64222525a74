import type { Service } from '../../domain/kube.ts';
import { pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const services: ListSlice<Service> = {
  resource: { group: '', version: 'v1', resource: 'services', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: pick(raw.spec, 'clusterIP', 'selector', 'publishNotReadyAddresses', 'ports'),
  }),
};
