import Type, { type Static, type TObject } from 'typebox';
import { OWNED_SLICES } from '../../domain/dependents.ts';
import { CannotError } from '../../domain/errors.ts';
import { ordinalsOf, replicasOf } from '../../domain/naming.ts';
import { milestones } from '../../domain/rollout-points.ts';
import { lookedAtAgain } from '../../findings/check.ts';
import type { Operation, PlanInput, Resume } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { freezeIntent, freezePlan } from './freeze.ts';
import { rolloutNeeds } from './operation.ts';
import { type Pace, pace } from './options.ts';
import { rolloutConsent, rolloutRules } from './rules.ts';

const none = Type.Object({});
/** What whoever resumes may ask otherwise than it was begun: a canary may have restarted in the days of its pause. */
const patience = { soak: pace.soak, restartBudget: pace.restartBudget };
const resumeOptions = Type.Object(patience);
const promoteOptions = Type.Object({
  full: Type.Optional(Type.Boolean({ description: 'To the end, without any further pause' })),
  ...patience,
});
type ResumeOptions = Readonly<Static<typeof resumeOptions>>;
type PromoteOptions = Readonly<Static<typeof promoteOptions>>;
type Begun = Readonly<Record<string, unknown>>;

/** What a command about an open rollout says where there is none. */
function noRollout({ snapshot }: PlanInput<unknown>): never {
  const set = liveSet(snapshot);
  throw new CannotError(`no rollout of sts-safe is open on StatefulSet ${set.metadata.name}`);
}

/** It is the open rollout that is carried out, never this. */
function continuing<O>(id: string, options: TObject, resumes: (options: O, begun: Begun, resume: Resume) => Begun): Operation<O> {
  return {
    id,
    options,
    subject: 'statefulsets',
    journal: 'record',
    archive: 'given',
    writes: [{ resource: 'statefulsets', verbs: ['patch'] }],
    needs: rolloutNeeds,
    consent: rolloutConsent,
    resumes,
    intent: noRollout,
    rules: () => [],
    plan: noRollout,
    done: () => id,
    table: [{ operation: id, consent: rolloutConsent, needs: rolloutNeeds, rules: lookedAtAgain(rolloutRules), owned: OWNED_SLICES }],
  };
}

/** `rollout resume NAME`: as it was begun, from whatever machine. */
export const rolloutResume = continuing<ResumeOptions>('rollout resume', resumeOptions, (options, begun) => ({ ...begun, ...options }));

/** `rollout promote NAME`: to the end of the next step, where it pauses. */
export const rolloutPromote = continuing<PromoteOptions>('rollout promote', promoteOptions, ({ full, ...options }, begun, resume) => {
  const next = full === true ? undefined : nextStep(begun, resume);
  return { ...begun, ...options, pauseAt: next === undefined ? [] : [String(next)] };
});

/** How many Pods are updated at the end of the step that is next; undefined for the last. */
function nextStep({ steps, pauseAt = [] }: Pace, { record: { cursor }, archive }: Resume): number | undefined {
  const set = archivedSet(archive);
  const replicas = replicasOf(set);
  const reached = milestones([...(steps ?? pauseAt), '100%'], replicas);
  // Behind each Pod's update comes its pause, if there is one.
  const ids = ordinalsOf(set)
    .toReversed()
    .flatMap((ordinal, index) => [`update/${ordinal}`, `pause/${index + 1}`]);
  const at = Math.ceil(ids.indexOf(cursor) / 2) + 1;
  const next = 'wrong' in reached ? undefined : reached.find((updated) => updated >= at);
  return next === undefined || next >= replicas ? undefined : next;
}

/**
 * `rollout pause NAME`: whoever runs it stops, and the partition holds the Pods that are not updated yet. One that another client has
 * begun gets such a partition.
 */
export const rolloutPause: Operation<Record<never, never>> = {
  id: 'rollout pause',
  options: none,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'given',
  writes: [{ resource: 'statefulsets', verbs: ['patch'] }],
  needs: rolloutNeeds,
  interrupts: true,
  consent: rolloutConsent,
  intent: (input) => {
    const set = liveSet(input.snapshot);
    if (input.resume === undefined) return freezeIntent(input);
    const { record } = input.resume;
    if (record.phase === 'paused')
      return { outcome: 'nothing-to-do', message: `the rollout of StatefulSet ${set.metadata.name} is already paused` };
    return { operation: 'rollout pause', set, leaving: [], arriving: [], staying: [] };
  },
  rules: () => [],
  plan: (input, { set }, findings) => {
    if (input.resume === undefined) return freezePlan(input, findings);
    const { record } = input.resume;
    const { uid, name } = set.metadata;
    return {
      schema: 1,
      operation: 'rollout pause',
      cluster: input.snapshot.cluster,
      target: input.snapshot.target,
      options: {},
      allowed: input.allowed,
      summary: `pause the rollout of StatefulSet ${name}: no further Pod is updated`,
      findings,
      changes: [],
      basedOn: plannedOnSet(set, input.snapshot),
      steps: [
        {
          id: 'pause',
          title: 'record the rollout as paused',
          action: { do: 'write', write: { verb: 'record', do: 'pause', uid } },
          preconditions: [{ is: 'set-is', uid }],
          verify: [],
          timeoutMs: stepTimeout(set, input.stepTimeoutMs),
        },
      ],
      consent: { kind: 'yes-no' },
      putBack: record.putBack,
      archive: record.archive,
    };
  },
  done: ({ target }) => `the rollout of StatefulSet ${target.name} is paused`,
  undo: ({ journal }) => (journal === 'none' ? undefined : 'rollout resume'),
  table: [{ operation: 'rollout pause', consent: rolloutConsent, needs: rolloutNeeds, rules: [] }],
};
