import type { Claim, Volume } from '../domain/kube.ts';
import { parseQuantity } from '../domain/quantity.ts';
import type { Check } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/** A PV is bound to a PVC of its name only where size, class, mode and access modes fit (pv_controller.go, checkVolumeSatisfyClaim). */
export const volumeDoesNotFit: Check = {
  id: 'volume-does-not-fit',
  title: 'The PV does not fit the PVC of its name',
  meaning:
    'The PVC asks for more than the PV has, or for another StorageClass, volume mode or access mode. The PV controller does not bind them, and the PVC stays Pending.',
  remedy: 'Restore without the PVC in its place, or copy the data.',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go (checkVolumeSatisfyClaim)',
  override: 'never',
  needs: ['claims'],
  run(snapshot, { volumes = [], claimName }) {
    const claim = (known(snapshot, 'claims') ?? []).find(({ metadata }) => metadata.name === claimName);
    if (claim === undefined) return [];
    return volumes.flatMap((volume) => {
      const why = misfit(claim, volume);
      if (why === undefined) return [];
      return [
        {
          grade: 'proven',
          subject: subjectOf('persistentvolume', volume),
          message: `PV ${volume.metadata.name} does not fit PVC ${claim.metadata.name}: ${why}`,
          evidence: [seen(`persistentvolume/${volume.metadata.name}`, 'spec', why)],
          remedies: [],
        },
      ];
    });
  },
};

function misfit({ spec: wanted }: Claim, { spec: has }: Volume): string | undefined {
  return misfitSize(wanted.resources?.requests?.['storage'], has.capacity?.['storage']) ?? misfitKind(wanted, has);
}

function misfitSize(asked = '0', size = '0'): string | undefined {
  return (parseQuantity(asked) ?? 0n) > (parseQuantity(size) ?? 0n) ? `it has ${size}, and ${asked} is requested` : undefined;
}

function misfitKind(wanted: Claim['spec'], has: Volume['spec']): string | undefined {
  if (classOf(wanted) !== classOf(has)) return `it is of StorageClass ${classOf(has)}, and ${classOf(wanted)} is requested`;
  if (modeOf(wanted) !== modeOf(has)) return `its volume mode is ${modeOf(has)}`;
  const lacking = lackingMode(wanted.accessModes ?? [], has.accessModes ?? []);
  return lacking === undefined ? undefined : `it does not offer ${lacking}`;
}

type Spec = Pick<Claim['spec'], 'storageClassName' | 'volumeMode'>;

const classOf = ({ storageClassName = 'none' }: Spec): string => (storageClassName === '' ? 'none' : storageClassName);
const modeOf = ({ volumeMode = 'Filesystem' }: Spec): string => volumeMode;

function lackingMode(wanted: readonly string[], has: readonly string[]): string | undefined {
  return wanted.find((mode) => !has.includes(mode));
}
