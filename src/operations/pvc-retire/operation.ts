import { QUARANTINED } from '../../domain/volume-marks.ts';
import type { Rule } from '../../findings/check.ts';
import { count, names } from '../../findings/draft.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { pvcAmbiguous } from '../../findings/pvc-ambiguous.ts';
import { pvcForeign } from '../../findings/pvc-foreign.ts';
import { pvcHeldByFinalizer } from '../../findings/pvc-held-by-finalizer.ts';
import { pvcInUse } from '../../findings/pvc-in-use.ts';
import { pvcNotRestorable } from '../../findings/pvc-not-restorable.ts';
import { pvcParked } from '../../findings/pvc-parked.ts';
import { pvcProtected } from '../../findings/pvc-protected.ts';
import { pvcUnknown } from '../../findings/pvc-unknown.ts';
import { setOperationOpen } from '../../findings/set-operation-open.ts';
import { type Action, writeOf } from '../../plan/action.ts';
import { noSet } from '../no-set.ts';
import type { Operation } from '../operation.ts';
import { chosenPvcs, isBegun } from './choice.ts';
import { type RetireOptions, retireOptions } from './options.ts';
import { retirePlan } from './plan.ts';
import { dueOf } from './quarantine.ts';

const needs = {
  required: ['claims', 'namespacePods', 'sets', 'followedVolumes', 'attachments'],
  advisory: ['snapshots', 'workloads', 'kin', 'savedSets', 'hpas', 'scaledObjects', 'namespace'],
} as const;
const consent = { kind: 'yes-no' } as const;

const rules: readonly Rule[] = [
  { check: pvcInUse, severity: 'blocks' },
  { check: pvcParked, severity: 'blocks' },
  { check: pvcAmbiguous, severity: 'blocks' },
  { check: pvcForeign, severity: 'blocks' },
  { check: pvcProtected, severity: 'blocks' },
  { check: pvcUnknown, severity: 'blocks' },
  { check: pvcNotRestorable, severity: 'blocks' },
  { check: setOperationOpen, severity: 'blocks' },
  { check: namespaceTerminating, severity: 'blocks' },
  { check: pvcHeldByFinalizer, severity: 'warns' },
];

function signedBy(action: Action): string | undefined {
  const write = writeOf(action);
  return write?.verb === 'patch' && write.edit.kind === 'fields' ? write.edit.signed?.annotation : undefined;
}

/** `pvc retire NAME…`: PVCs are deleted and their data is kept, reserved for their names. */
export const pvcRetire: Operation<RetireOptions> = {
  id: 'pvc retire',
  options: retireOptions,
  subject: 'persistentvolumeclaims',
  journal: 'none',
  archive: 'none',
  writes: [
    { resource: 'persistentvolumeclaims', verbs: ['patch', 'delete'] },
    { resource: 'persistentvolumes', verbs: ['patch'] },
  ],
  needs,
  consent,
  intent: ({ snapshot, options }) => {
    const choice = chosenPvcs(snapshot, options);
    const { already, unreserved } = choice;
    const { retire, mark, free, waiting } = dueOf(choice.pvcs, snapshot, options);
    const pvcs = [...retire, ...mark];
    if (pvcs.length + unreserved.length + free.length === 0) {
      const message = already.length > 0 ? `already retired: ${names(already)}` : 'there is no such PVC to retire';
      return { outcome: 'nothing-to-do', message: waiting.length > 0 ? `nothing is due: ${names(waiting)}` : message };
    }
    // What uses one whose deletion has begun waits for its end: to finish is the only way on.
    const judged = pvcs.filter((pvc) => !isBegun(pvc, snapshot));
    return { operation: 'pvc retire', set: noSet(snapshot), pvcs: judged, leaving: [], arriving: [], staying: [] };
  },
  rules: () => rules,
  plan: (input, _intent, findings) => retirePlan(input, consent, findings),
  done: ({ steps }) => {
    const isMark = ({ action, verify }: (typeof steps)[number]): boolean => verify.length === 0 && signedBy(action) === QUARANTINED;
    const of = (some: typeof steps): readonly string[] => [...new Set(some.flatMap(({ group }) => group ?? []))];
    const [retired, marked] = [of(steps.filter(({ verify }) => verify.length > 0)), of(steps.filter(isMark))];
    const said = [
      ...(retired.length === 0 ? [] : [`${count(retired.length, 'PVC')} retired, data retained: ${names(retired)}`]),
      ...(marked.length === 0 ? [] : [`${count(marked.length, 'PVC')} quarantined: ${names(marked)}`]),
    ];
    return said.length === 0 ? 'quarantine ended' : said.join('; ');
  },
  undo: ({ target }) => (target.resource === 'persistentvolumeclaims' ? 'pvc restore' : undefined),
  table: [{ operation: 'pvc retire', consent, needs, rules }],
};
