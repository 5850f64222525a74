import { OWNED_SLICES } from '../domain/dependents.ts';
import type { Severity } from '../domain/finding.ts';
import type { SliceName } from '../domain/snapshot.ts';
import { RAISED_BY_OPERATE } from '../findings/catalogue.ts';
import type { Rule } from '../findings/check.ts';
import { cancel } from './cancel/operation.ts';
import { goingBackRules, recreatingRules } from './cancel/rules.ts';
import { deleteOperation } from './delete/operation.ts';
import { deleteRules } from './delete/rules.ts';
import type { ConsentRule, Operation } from './operation.ts';
import { restore } from './restore/operation.ts';
import { restoreRules } from './restore/rules.ts';
import { scale } from './scale/operation.ts';
import { SPARED_UP, scaleDownRules, scaleUpRules } from './scale/rules.ts';

/** One row of the consent table: what an operation asks for, what it must know, and how it takes each finding. */
export interface ConsentRow {
  /** As people call it. */
  readonly operation: string;
  readonly consent: ConsentRule;
  readonly needs: Operation<unknown>['needs'];
  readonly rules: readonly Rule[];
  /** Looked at besides where Pods leave: what they may own. */
  readonly owned?: readonly SliceName[];
  /** What helps against a finding of the driver here that it does not elsewhere, by id. */
  readonly unless?: Readonly<Record<string, string>>;
}

/** The whole table: `explain`, docs/findings.md and docs/consent.md are made from it. */
export const consentTable: readonly ConsentRow[] = [
  { operation: 'scale down', consent: scale.consent, needs: scale.needs, rules: scaleDownRules, owned: OWNED_SLICES },
  // Nobody leaves, so no claim goes with a member.
  { operation: 'scale up', consent: { kind: scale.consent.kind }, needs: sparing(scale.needs, ...SPARED_UP), rules: scaleUpRules },
  {
    operation: 'delete',
    consent: deleteOperation.consent,
    needs: deleteOperation.needs,
    rules: deleteRules,
    owned: OWNED_SLICES,
    unless: { 'archive-not-writable': '--save-to FILE keeps it in a file instead' },
  },
  { operation: 'restore', consent: restore.consent, needs: restore.needs, rules: restoreRules, owned: OWNED_SLICES },
  { operation: 'cancel', consent: cancel.consent, needs: cancel.needs, rules: goingBackRules, owned: OWNED_SLICES },
  { operation: 'cancel (set gone)', consent: { kind: cancel.consent.kind }, needs: cancel.needs, rules: recreatingRules },
];

/** What a request can do without is looked at besides. */
function sparing({ required, advisory }: ConsentRow['needs'], ...spared: readonly SliceName[]): ConsentRow['needs'] {
  return { required: required.filter((slice) => !spared.includes(slice)), advisory: [...advisory, ...spared] };
}

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
