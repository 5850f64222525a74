import type { Evidence } from '../domain/finding.ts';
import type { Claim, Volume } from '../domain/kube.ts';
import { PROTECTED } from '../domain/volume-marks.ts';

/** Someone's word that a PVC is to be kept, or is another controller's. */
export interface KeepMark {
  readonly by: string;
  readonly evidence: Evidence;
}

/** Helm's and Argo CD's marks on the PVC, ours on its volume. */
export function keepMark(claim: Claim, volume: Volume | undefined): KeepMark | undefined {
  const { name, annotations = {} } = claim.metadata;
  const object = `persistentvolumeclaim/${name}`;
  const helm = annotations['helm.sh/resource-policy'];
  if (helm === 'keep') return { by: 'Helm (resource-policy: keep)', evidence: mark(object, 'helm.sh/resource-policy', helm) };
  const argo = annotations['argocd.argoproj.io/sync-options'] ?? '';
  const isKept = argo.split(',').some((option) => /^\s*(Prune|Delete)=false\s*$/.test(option));
  if (isKept) return { by: `Argo CD (${argo})`, evidence: mark(object, 'argocd.argoproj.io/sync-options', argo) };
  const ours = volume?.metadata.labels?.[PROTECTED];
  if (volume === undefined || ours === undefined) return undefined;
  const evidence = { object: `persistentvolume/${volume.metadata.name}`, field: `metadata.labels[${PROTECTED}]`, value: ours };
  return { by: 'pvc protect', evidence };
}

/** Labels and annotations by which operators know the PVCs that they manage without owner references. */
const OPERATORS: Readonly<Record<string, string>> = {
  'cnpg.io/cluster': 'CloudNativePG',
  'cnpg.io/pvcRole': 'CloudNativePG',
  'cnpg.io/pvcStatus': 'CloudNativePG',
  'cnpg.io/instanceName': 'CloudNativePG',
};

/** An operator's mark: such PVCs look unused while it holds them ready. */
export function operatorMark({ metadata: { name, labels = {}, annotations = {} } }: Claim): KeepMark | undefined {
  for (const [where, words] of Object.entries({ labels, annotations })) {
    const key = Object.keys(words).find((one) => OPERATORS[one] !== undefined);
    if (key === undefined) continue;
    const evidence = { object: `persistentvolumeclaim/${name}`, field: `metadata.${where}[${key}]`, value: words[key] ?? '' };
    return { by: OPERATORS[key] ?? key, evidence };
  }
  return undefined;
}

function mark(object: string, key: string, value: string): Evidence {
  return { object, field: `metadata.annotations[${key}]`, value };
}
