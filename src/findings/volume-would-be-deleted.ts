import { protectedMarkOf } from '../domain/volume-marks.ts';
import type { Check } from './check.ts';
import { known, mergePatch, seen, subjectOf } from './draft.ts';

/**
 * A PV whose PVC is gone, or going, is destroyed as soon as its reclaim policy is Delete again (pv_controller.go, syncVolume:
 * reclaimVolume).
 */
export const volumeWouldBeDeleted: Check = {
  id: 'volume-would-be-deleted',
  title: 'The PV would be deleted with its data',
  meaning:
    'The reclaim policy was Delete before. The PVC of this PV is gone, is being deleted, or is another one now, so with that policy the PV controller deletes the PV and its data at once.',
  remedy: 'Leave it protected, or restore the PVC first.',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go (reclaimVolume)',
  override: 'never',
  needs: ['claims', 'followedVolumes'],
  run(snapshot, { volumes = [] }) {
    const all = known(snapshot, 'claims');
    if (all === undefined) return [];
    const claims = new Map(all.map((claim) => [claim.metadata.uid, claim]));
    return volumes.flatMap((volume) => {
      const claim = claims.get(volume.spec.claimRef?.uid ?? '');
      const isSafe = claim !== undefined && claim.metadata.deletionTimestamp === undefined;
      if (protectedMarkOf(volume)?.policy !== 'Delete' || isSafe) return [];
      const { name } = volume.metadata;
      const pvc = volume.spec.claimRef?.name ?? '';
      return [
        {
          grade: 'proven',
          subject: subjectOf('persistentvolume', volume),
          message: `PV ${name} would be deleted with its data: PVC ${pvc} ${claim === undefined ? 'is gone' : 'is being deleted'}`,
          evidence: [seen(`persistentvolume/${name}`, 'status.phase', volume.status.phase)],
          remedies: [
            mergePatch(
              'pv',
              name,
              { metadata: { labels: { 'sts-safe.dev/protected': null } } },
              'leaves it retained and no longer protected',
            ),
          ],
        },
      ];
    });
  },
};
