import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** Written by the external provisioner on what it made, and what it deletes (sig-storage-lib-external-provisioner). */
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** A PV that no provisioner made is not deleted by its reclaim policy: it turns Failed, and its data stays. */
export const volumeStatic: Check = {
  id: 'volume-static',
  title: 'No provisioner made the PV',
  meaning:
    'A PersistentVolume that was created by hand has no provisioner that would delete its data. With reclaim policy Delete it turns Failed, and the data stays where it is.',
  remedy: 'Delete the data where it is, then the PersistentVolume with kubectl.',
  source: 'sig-storage-lib-external-provisioner (shouldDelete)',
  override: 'never',
  needs: ['followedVolumes'],
  run(_snapshot, { volumes = [], destroysVolumes }) {
    if (destroysVolumes !== true) return [];
    return volumes
      .filter(({ metadata: { annotations } }) => annotations?.[PROVISIONED_BY] === undefined)
      .map((volume) => ({
        grade: 'proven',
        subject: subjectOf('persistentvolume', volume),
        message: `PV ${volume.metadata.name} was made by no provisioner, and none would delete its data`,
        evidence: [seen(`persistentvolume/${volume.metadata.name}`, `metadata.annotations[${PROVISIONED_BY}]`, undefined)],
        remedies: [kubectl('get', ['pv', volume.metadata.name, '-o', 'yaml'], 'shows where its data is')],
      }));
  },
};
