import type { Severity } from '../domain/finding.ts';
import type { SliceName } from '../domain/snapshot.ts';
import { RAISED_BY_OPERATE } from '../findings/catalogue.ts';
import type { Check } from '../findings/check.ts';
import type { ConsentRow } from './operation.ts';

/** How an operation takes a finding. */
export interface Taken {
  readonly severity: Severity;
  readonly override: Check['override'];
  /** In which case, or unless what, where that is not all. */
  readonly when?: string;
}

/** How this operation takes a finding: what its rules say, or the driver, which raises some for every operation. None where it is not looked at. */
export function takes({ needs, rules, owned = [], unless }: ConsentRow, id: string): readonly Taken[] {
  const rule = rules.find(({ check }) => check.id === id);
  if (rule !== undefined) return [{ severity: rule.severity, override: rule.check.override }];
  if (!RAISED_BY_OPERATE.includes(id)) return [];
  if (id === 'evidence-unknown') return unknownEvidence(needs.required, [...lookedAtBesides({ needs, rules }), ...owned.map(wordFor)]);
  const way = unless?.[id];
  return [{ severity: 'blocks', override: 'never', ...(way === undefined ? {} : { when: way }) }];
}

/** What is required blocks, what only advises warns (operate/evidence.ts). */
function unknownEvidence(required: readonly SliceName[], besides: readonly string[]): readonly Taken[] {
  const words = new Set(required.map(wordFor));
  return [
    { severity: 'blocks', override: 'never', when: `about ${[...words].join(', ')}` },
    { severity: 'warns', override: 'never', when: `about ${[...new Set(besides).difference(words)].join(', ')}` },
  ];
}

/** What an operation looks at besides what it must know, in words: also what its checks take only in some cases. */
export function lookedAtBesides({ needs, rules }: Pick<ConsentRow, 'needs' | 'rules'>): readonly string[] {
  const further = rules.flatMap(({ check }) => check.further?.slices ?? []);
  return [...new Set([...needs.advisory, ...further].map(wordFor)).difference(new Set(needs.required.map(wordFor)))];
}

const WORDS: Readonly<Partial<Record<SliceName, string>>> = {
  set: 'the set',
  namespace: 'the namespace',
  pods: 'Pods',
  claims: 'PVCs',
  followedVolumes: 'PersistentVolumes',
  podMetadata: 'Pods',
  namespacePods: 'other Pods',
  sets: 'other sets',
  volumes: 'PersistentVolumes',
  services: 'Services',
  clusterNodes: 'Nodes',
  nodes: 'Nodes',
  node: 'the node',
  lease: 'its Lease',
  nodePods: 'its Pods',
  nodeSets: 'their StatefulSets',
  attachments: 'VolumeAttachments',
  kubelet: 'its kubelet',
  podAnswers: 'what its Pods answer',
  replacements: 'replacements',
  pdbs: 'PodDisruptionBudgets',
  hpas: 'HPAs',
  scaledObjects: 'ScaledObjects',
  quotas: 'ResourceQuotas',
  storageClasses: 'StorageClasses',
  configMaps: 'ConfigMaps',
  secrets: 'Secrets',
  jobs: 'Jobs',
  deployments: 'Deployments',
  stored: 'operation records and saved manifests',
  podEvents: 'events of Pods',
  claimEvents: 'events of PVCs',
};

/** A slice as people say it. */
export function wordFor(slice: SliceName): string {
  return WORDS[slice] ?? slice;
}
