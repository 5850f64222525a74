import type { Finding } from '../../domain/finding.ts';
import type { Rule } from '../../findings/check.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { pvcInUse } from '../../findings/pvc-in-use.ts';
import { pvcNotRestorable } from '../../findings/pvc-not-restorable.ts';
import { setOperationOpen } from '../../findings/set-operation-open.ts';
import { volumeDoesNotFit } from '../../findings/volume-does-not-fit.ts';
import { pvcOf } from '../../pvcs/look.ts';
import { Surroundings } from '../../pvcs/surroundings.ts';
import { noSet } from '../no-set.ts';
import type { Operation, PlanDraft, PlanInput } from '../operation.ts';
import { plannedOnVolume } from '../volume-marking.ts';
import { type Restoring, restoringOf } from './choice.ts';
import { type ClaimRestoreOptions, claimRestoreOptions } from './options.ts';
import { restoreSteps } from './steps.ts';

const needs = {
  required: ['claims', 'namespacePods', 'sets', 'followedVolumes', 'attachments'],
  advisory: ['workloads', 'kin', 'savedSets', 'namespace'],
} as const;
const consent = { kind: 'yes-no' } as const;
const WAIT_MS = 60_000;

const rules: readonly Rule[] = [
  { check: pvcInUse, severity: 'blocks' },
  { check: pvcNotRestorable, severity: 'blocks' },
  { check: volumeDoesNotFit, severity: 'blocks' },
  { check: setOperationOpen, severity: 'blocks' },
  { check: namespaceTerminating, severity: 'blocks' },
];

function plan(input: PlanInput<ClaimRestoreOptions>, findings: readonly Finding[]): PlanDraft {
  const { snapshot, options, allowed, stepTimeoutMs = WAIT_MS } = input;
  const { cluster, target } = snapshot;
  const restoring = restoringOf(snapshot, options);
  const { name, retired, swap, present } = restoring;
  const other = swap?.other;
  const volume = retired.volume.metadata.name;
  const volumes = [retired.volume, ...(other === undefined ? [] : [other])];
  return {
    schema: 1,
    operation: 'pvc restore',
    cluster,
    target,
    options: { ...options },
    allowed,
    summary: `restore PVC ${name} with the data of PV ${volume}${other === undefined ? '' : `, and retire PV ${other.metadata.name}`}`,
    findings,
    changes: [
      {
        kind: 'PersistentVolumeClaim',
        name,
        before: present === undefined ? 'retired' : inWords(restoring),
        after: `Bound to PV ${volume}`,
      },
      { kind: 'PersistentVolume', name: volume, before: 'Retain, retired', after: retired.mark.policy },
      ...(other === undefined
        ? []
        : [{ kind: 'PersistentVolume', name: other.metadata.name, before: 'Bound', after: 'Retain, retired' } as const]),
    ],
    basedOn: volumes.flatMap(plannedOnVolume),
    steps: restoreSteps(restoring, target.namespace, stepTimeoutMs),
    consent,
    putBack: {},
    archive: '',
  };
}

function inWords({ present, swap }: Restoring): string {
  return `${present?.status.phase ?? ''}${swap === undefined ? '' : `, on PV ${swap.other.metadata.name}`}`;
}

/** `pvc restore NAME`: a retired PVC comes back with its data; with --swap in place of one that was made since. */
export const pvcRestore: Operation<ClaimRestoreOptions> = {
  id: 'pvc restore',
  options: claimRestoreOptions,
  subject: 'persistentvolumeclaims',
  journal: 'none',
  archive: 'none',
  writes: [
    { resource: 'persistentvolumeclaims', verbs: ['create', 'patch', 'delete'] },
    { resource: 'persistentvolumes', verbs: ['patch'] },
  ],
  needs,
  consent,
  intent: ({ snapshot, options }) => {
    const { retired, swap, name } = restoringOf(snapshot, options);
    // Only a PVC that is replaced is taken away.
    const replaced = swap === undefined ? [] : [pvcOf(swap.present, new Surroundings(snapshot))];
    return {
      operation: 'pvc restore',
      set: noSet(snapshot),
      volumes: [retired.volume],
      claimName: name,
      pvcs: replaced,
      leaving: [],
      arriving: [],
      staying: [],
    };
  },
  rules: () => rules,
  plan: (input, _intent, findings) => plan(input, findings),
  done: ({ target }) => `PVC ${target.name} restored`,
  undo: () => 'pvc retire',
  table: [{ operation: 'pvc restore', consent, needs, rules }],
};
