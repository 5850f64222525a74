import type { Claim } from '../domain/kube.ts';
import { capacityOf, isSmaller, requestOf } from '../domain/sizes.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { defaultClass } from '../domain/storage.ts';
import type { StorageClass } from '../domain/surroundings.ts';
import type { Check, Intent } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/** The API server refuses to expand a PVC that is not bound, or whose class does not allow it, and to shrink any. */
export const claimNotExpandable: Check = {
  id: 'claim-not-expandable',
  title: 'A PVC cannot get this size',
  meaning:
    'A PVC can be expanded while it is bound and its StorageClass has allowVolumeExpansion. It cannot be made smaller than the volume that it has (status.capacity); only the request of an expansion that has not happened can be lowered again.',
  remedy:
    'Use a size above the present one, or copy the data to a new PVC. allowVolumeExpansion can be set on an existing class if its driver supports it.',
  source: 'plugin/pkg/admission/storage/persistentvolume/resize; pkg/apis/core/validation (ValidatePersistentVolumeClaimUpdate); KEP-1790',
  override: 'never',
  needs: ['set', 'claims', 'storageClasses'],
  run(snapshot, { expands = [] }) {
    return expands.flatMap((one) => {
      const why = whyNot(one, snapshot);
      if (why === undefined) return [];
      const { metadata, status } = one.claim;
      const object = `persistentvolumeclaim/${metadata.name}`;
      return [
        {
          grade: 'proven',
          subject: subjectOf('persistentvolumeclaim', one.claim),
          message: `PVC ${metadata.name} ${why}`,
          evidence: [
            seen(object, 'status.phase', status.phase),
            seen(object, 'status.capacity.storage', capacityOf(one.claim)),
            seen(object, 'spec.storageClassName', one.claim.spec.storageClassName),
          ],
          remedies: [],
        },
      ];
    });
  },
};

function whyNot({ claim, size }: NonNullable<Intent['expands']>[number], snapshot: Snapshot): string | undefined {
  const { metadata, status } = claim;
  if (metadata.deletionTimestamp !== undefined) return 'is being deleted';
  if (status.phase !== 'Bound') return `is ${status.phase ?? 'not bound'}: only a bound PVC can be expanded`;
  const capacity = capacityOf(claim) ?? '0';
  if (isSmaller(size, capacity)) return `has ${capacity}, and cannot be made smaller (${size})`;
  // To ask again for what is requested already, or for less of it, needs no class.
  return isSmaller(requestOf(claim), size) ? whyNotByClass(claim, known(snapshot, 'storageClasses')) : undefined;
}

function whyNotByClass({ spec }: Claim, classes: readonly StorageClass[] | undefined): string | undefined {
  if (classes === undefined) return undefined;
  const name = spec.storageClassName ?? defaultClass(classes)?.metadata.name;
  const one = classes.find((candidate) => candidate.metadata.name === name);
  if (one === undefined)
    return `is of StorageClass ${name ?? '<none>'}, which does not exist: nothing says that its volume can be expanded`;
  return one.allowVolumeExpansion === true ? undefined : `is of StorageClass ${name}, which does not allow expansion`;
}
