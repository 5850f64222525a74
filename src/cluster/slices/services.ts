import type { Service } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

export const services: ListSlice<Service> = {
  resource: { group: '', version: 'v1', resource: 'services', namespaced: true },
  decode: shaped<Service>({
    ...OBJECT,
    spec: shaped<Service['spec']>({
      type: KEEP,
      clusterIP: KEEP,
      ipFamilies: KEEP,
      selector: KEEP,
      publishNotReadyAddresses: KEEP,
      ports: KEEP,
    }),
  }),
};
