import Type from 'typebox';
import { CannotError } from '../../src/domain/errors.ts';
import type { StatefulSet } from '../../src/domain/kube.ts';
import { objectIn, subjectOf } from '../../src/domain/snapshot.ts';
import { archiveNameFor } from '../../src/operations/archive-name.ts';
import { backDraft, CANCEL } from '../../src/operations/back.ts';
import { archiveStep, refOf } from '../../src/operations/member-steps.ts';
import type { Operation, PlanDraft, PlanInput, WayBack } from '../../src/operations/operation.ts';
import { liveSet, originalSet } from '../../src/operations/origin.ts';
import { plannedOnSet } from '../../src/operations/planned-on.ts';
import { changeOf, type FieldChange } from '../../src/plan/action.ts';
import type { Step } from '../../src/plan/plan.ts';
import { valueAt } from '../../src/record/object-patch.ts';

/**
 * Two operations that the program does not have: what one more takes is what stands here, and nothing else. One holds a set
 * twice and waits, with a record; the other labels a PVC, and keeps none.
 */

interface TuneOptions {
  readonly seconds: number;
}

const SECONDS = '/spec/minReadySeconds';
const HISTORY = '/spec/revisionHistoryLimit';
const needs = { required: ['set', 'pods', 'claims', 'stored'], advisory: ['namespace'] } as const;
const timeoutMs = 60_000;

const common = ({ snapshot: { cluster, target }, allowed }: PlanInput<unknown>) =>
  ({ schema: 1, cluster, target, allowed, findings: [], changes: [], consent: { kind: 'yes-no' }, putBack: {} }) as const;

function changeStep(id: string, set: StatefulSet, changes: readonly FieldChange[]): Step {
  const { uid } = set.metadata;
  const rest = { preconditions: [{ is: 'set-is', uid }], verify: [{ is: 'set-observed', uid }], timeoutMs } as const;
  return { id, title: `${id} the set`, action: changeOf(refOf(set), uid, changes), ...rest };
}

function closeStep(set: StatefulSet): Step {
  const { uid } = set.metadata;
  const action = { do: 'write', write: { verb: 'record', do: 'close', carrier: 'set', uid, handBack: true } } as const;
  return { id: 'end', title: 'remove the record', action, preconditions: [], verify: [], timeoutMs };
}

const tuneBack: WayBack = {
  intent: ({ snapshot }) => ({ operation: CANCEL, set: liveSet(snapshot), leaving: [], arriving: [], staying: [] }),
  rules: () => [],
  plan: (input) => {
    const live = liveSet(input.snapshot);
    const before = input.resume.archive.manifest as unknown as StatefulSet;
    const back = (path: string): readonly FieldChange[] => [{ path, from: valueAt(live, path), to: valueAt(before, path) }];
    return {
      ...backDraft(input, []),
      summary: 'tune back',
      changes: [],
      basedOn: plannedOnSet(live, input.snapshot),
      steps: [changeStep('untune', live, [...back(SECONDS), ...back(HISTORY)]), closeStep(live)],
      putBack: {},
      archive: input.resume.archive.name,
    };
  },
};

function tunePlan(input: PlanInput<TuneOptions>): PlanDraft {
  const set = originalSet(input);
  const archive = input.resume?.record.archive ?? archiveNameFor(input.snapshot);
  return {
    ...common(input),
    operation: 'tune up',
    options: { ...input.options },
    summary: `tune StatefulSet ${set.metadata.name}`,
    basedOn: plannedOnSet(liveSet(input.snapshot), input.snapshot),
    steps: [
      archiveStep(archive, timeoutMs),
      changeStep('hold', set, [{ path: SECONDS, from: valueAt(set, SECONDS), to: input.options.seconds }]),
      changeStep('keep', set, [{ path: HISTORY, from: valueAt(set, HISTORY), to: 3 }]),
      {
        id: 'look',
        title: 'wait for the controller',
        action: { do: 'wait' },
        preconditions: [],
        verify: [{ is: 'set-observed', uid: set.metadata.uid }],
        timeoutMs,
      },
      closeStep(set),
    ],
    ...(input.resume === undefined ? {} : { from: input.resume.record.cursor }),
    archive,
  };
}

/** `tune up NAME`: two held steps and a wait. */
export const tune: Operation<TuneOptions> = {
  id: 'tune up',
  options: Type.Object({ seconds: Type.Integer({ minimum: 0 }) }),
  subject: 'statefulsets',
  journal: 'record',
  archive: 'secret',
  writes: [{ resource: 'statefulsets', verbs: ['patch'] }],
  needs,
  consent: { kind: 'yes-no' },
  intent: (input) => ({ operation: 'tune up', set: originalSet(input), leaving: [], arriving: [], staying: [] }),
  rules: () => [],
  plan: tunePlan,
  back: tuneBack,
  done: ({ target }) => `StatefulSet ${target.name} tuned`,
  table: [{ operation: 'tune up', consent: { kind: 'yes-no' }, needs, rules: [] }],
};

const claimNeeds = { required: ['claims', 'pods'], advisory: [] } as const;
export const LABEL = '/metadata/labels/sts-safe.dev~1toy';

/** `mark PVC`: converges, and is begun again where another would be resumed. */
export const mark: Operation<Record<never, never>> = {
  id: 'mark',
  options: Type.Object({}),
  subject: 'persistentvolumeclaims',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'persistentvolumeclaims', verbs: ['patch'] }],
  needs: claimNeeds,
  consent: { kind: 'yes-no' },
  intent: ({ snapshot }) => {
    const { target } = snapshot;
    if (objectIn(snapshot, subjectOf(target)) === undefined) throw new CannotError(`PVC ${target.name} not found`);
    const set = { metadata: { name: target.name }, spec: {}, status: {} } as unknown as StatefulSet;
    return { operation: 'mark', set, leaving: [], arriving: [], staying: [] };
  },
  rules: () => [],
  plan: (input) => {
    const { snapshot } = input;
    const ref = subjectOf(snapshot.target);
    const { name, uid, labels } = objectIn(snapshot, ref)?.metadata ?? { name: '', uid: '' };
    const marks = (to: string): readonly FieldChange[] =>
      labels === undefined
        ? [{ path: '/metadata/labels', from: undefined, to: { 'sts-safe.dev/toy': to } }]
        : [{ path: LABEL, from: labels['sts-safe.dev/toy'], to }];
    const rest = { preconditions: [{ is: 'no-pod', name: name.replace(/^data-/, '') }], verify: [], timeoutMs } as const;
    return {
      ...common(input),
      operation: 'mark',
      options: {},
      summary: `mark PVC ${name}`,
      basedOn: [{ object: `persistentvolumeclaim/${name}`, uid, fields: {} }],
      steps: [{ id: 'mark', title: 'mark it', action: changeOf(ref, uid, marks('marked')), ...rest }],
      archive: '',
    };
  },
  done: ({ target }) => `PVC ${target.name} marked`,
  table: [{ operation: 'mark', consent: { kind: 'yes-no' }, needs: claimNeeds, rules: [] }],
};
