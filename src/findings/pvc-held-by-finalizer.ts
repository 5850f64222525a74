import { finalizersRemoved, foreignFinalizers } from '../domain/finalizers.ts';
import { RETIRE_FINALIZER } from '../domain/volume-marks.ts';
import type { Check } from './check.ts';
import { known } from './draft.ts';
import { aboutFinalizers } from './finalizers.ts';

/** PVCs that are to be retired have finalizers of another controller: each waits for that, and the others do not. */
export const pvcHeldByFinalizer: Check = {
  id: 'pvc-held-by-finalizer',
  title: 'A PVC that is to be retired has finalizers',
  meaning:
    'The PVC stays in Terminating until the owner of the finalizer removes it. Its volume is set to Retain before, so no data is at risk. All other PVCs of the same run are retired; running the command again finishes this one later.',
  remedy: 'See that the owner of the finalizer runs. Removing a finalizer by hand skips whatever it was there for.',
  source: 'kubernetes.io: Finalizers',
  override: 'allow',
  needs: ['claims'],
  run(snapshot, { pvcs = [] }) {
    const uids = new Set(pvcs.map(({ uid }) => uid));
    return (known(snapshot, 'claims') ?? [])
      .filter(({ metadata }) => uids.has(metadata.uid))
      .map((claim) => ({ claim, foreign: foreignFinalizers(claim).filter((one) => one !== RETIRE_FINALIZER) }))
      .filter(({ foreign }) => foreign.length > 0)
      .map(({ claim }) =>
        aboutFinalizers(
          'persistentvolumeclaim',
          claim,
          `PVC ${claim.metadata.name} stays in Terminating until ${finalizersRemoved(claim)}; its data is retained`,
        ),
      );
  },
};
