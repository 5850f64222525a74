import type { Claim, ObjectMeta } from '../../domain/kube.ts';
import { pick, pickConditions, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const claims: ListSlice<Claim> = {
  resource: { group: '', version: 'v1', resource: 'persistentvolumeclaims', namespaced: true },
  decode: decodeClaim,
};

/** A claim; of its managedFields who and when, without which fields: that tells what created it. */
export function decodeClaim(raw: Claim): Claim {
  return {
    metadata: { ...pickMetadata(raw.metadata), ...managers(raw.metadata) },
    spec: pick(raw.spec, 'volumeName', 'storageClassName', 'accessModes', 'resources'),
    status: { ...pick(raw.status, 'phase', 'capacity'), ...pickConditions(raw.status.conditions) },
  };
}

function managers(meta: ObjectMeta): Pick<ObjectMeta, 'managedFields'> {
  if (meta.managedFields === undefined) return {};
  return { managedFields: meta.managedFields.map((entry) => pick(entry, 'manager', 'operation', 'time', 'subresource')) };
}
