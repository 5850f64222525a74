import type { Severity } from '../domain/finding.ts';
import type { SliceName } from '../domain/snapshot.ts';
import { RAISED_BY_OPERATE } from '../findings/catalogue.ts';
import type { Rule } from '../findings/check.ts';
import type { ConsentRow } from './operation.ts';

/** How an operation takes a finding. */
export interface Taken {
  readonly severity: Severity;
  readonly override: Rule['override'];
  /** In which case, or unless what, where that is not all. */
  readonly when?: string;
}

/** How this operation takes a finding: what its rules say, or the driver, which raises some for every operation. None where it is not looked at. */
export function takes({ needs, rules, owned = [], unless }: ConsentRow, id: string): readonly Taken[] {
  const rule = rules.find(({ check }) => check.id === id);
  if (rule !== undefined) return [{ severity: rule.severity, override: rule.override }];
  if (!RAISED_BY_OPERATE.includes(id)) return [];
  if (id === 'evidence-unknown') return unknownEvidence(needs, owned);
  const way = unless?.[id];
  return [{ severity: 'blocks', override: 'never', ...(way === undefined ? {} : { when: way }) }];
}

/** What is required blocks, what only advises warns (operate/evidence.ts). */
function unknownEvidence({ required, advisory }: ConsentRow['needs'], owned: readonly SliceName[]): readonly Taken[] {
  const besides = new Set([...advisory, ...owned.filter((slice) => !required.includes(slice))]);
  return [
    { severity: 'blocks', override: 'never', when: `about ${required.map(wordFor).join(', ')}` },
    { severity: 'warns', override: 'never', when: `about ${[...besides].map(wordFor).join(', ')}` },
  ];
}

const WORDS: Readonly<Partial<Record<SliceName, string>>> = {
  set: 'the set',
  namespace: 'the namespace',
  pods: 'Pods',
  sets: 'other sets',
  volumes: 'PersistentVolumes',
  services: 'Services',
  nodes: 'Nodes',
  pdbs: 'PodDisruptionBudgets',
  hpas: 'HPAs',
  scaledObjects: 'ScaledObjects',
  quotas: 'ResourceQuotas',
  storageClasses: 'StorageClasses',
  configMaps: 'ConfigMaps',
  secrets: 'Secrets',
  jobs: 'Jobs',
  deployments: 'Deployments',
  stored: 'our record and archives',
};

/** A slice as people say it. */
export function wordFor(slice: SliceName): string {
  return WORDS[slice] ?? slice;
}
