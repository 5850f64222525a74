import type { Claim } from '../../domain/kube.ts';
import { conditions, OBJECT_WITH_MANAGERS } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** Claims, with who wrote their fields: that tells what created them. */
export const claims: ListSlice<Claim> = {
  resource: { group: '', version: 'v1', resource: 'persistentvolumeclaims', namespaced: true },
  decode: shaped<Claim>({
    ...OBJECT_WITH_MANAGERS,
    spec: shaped<Claim['spec']>({
      volumeName: KEEP,
      storageClassName: KEEP,
      accessModes: KEEP,
      resources: KEEP,
      volumeMode: KEEP,
      selector: KEEP,
      dataSource: KEEP,
      dataSourceRef: KEEP,
      volumeAttributesClassName: KEEP,
    }),
    status: shaped<Claim['status']>({ phase: KEEP, capacity: KEEP, conditions }),
  }),
};
