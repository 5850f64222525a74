import { isObserved } from '../../domain/controller.ts';
import { ChangedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet, UpdateStrategy } from '../../domain/kube.ts';
import { ordinalsOf } from '../../domain/naming.ts';
import { templateDifferences } from '../../domain/spec-difference.ts';
import type { OperationName } from '../../domain/stored.ts';
import type { Intent } from '../../findings/check.ts';
import { removedWith } from '../../findings/removed-with.ts';
import type { Change, NothingToDo, Step } from '../../plan/plan.ts';
import { archiveNameFor } from '../archive-name.ts';
import { dataLost, dependentFates, plannedOnDependents, withoutDependents } from '../dependents.ts';
import { claimFates, fieldFates, memberFates } from '../fate.ts';
import { archiveStep } from '../member-steps.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { promisedClaims } from '../promised-claims.ts';
import { stepTimeout } from '../timeouts.ts';
import { type Baseline, baselineOf } from './baseline.ts';
import type { AbortOptions } from './options.ts';
import { type Order, orderOf } from './order.ts';
import { abortConsent } from './rules.ts';
import { type Facts, finishStep, replaceSteps, strategyStep, toBaselineStep, updatedStep } from './steps.ts';

type Input = PlanInput<AbortOptions>;

/** Where an abort stands: before its first patch, or behind it. */
type Stand =
  | { readonly begun: false; readonly revision: string; readonly baseline: Baseline }
  | { readonly begun: true; readonly revision: string };

/** What it is, by its id: the operation itself, or `cancel` of a rollout. */
export interface As {
  readonly operation: OperationName;
  readonly cancels?: OperationName;
}

export function abortIntent(input: Input, { operation }: As): Intent | NothingToDo {
  const set = liveSet(input.snapshot);
  const stand = standOf(input, operation);
  const { broken, healthy } = orderOf(set, podsOf(input.snapshot), stand.revision, input.snapshot.now);
  const ordinals = [...broken, ...healthy].map(({ ordinal }) => ordinal);
  if (input.resume === undefined && !stand.begun && ordinals.length === 0 && isAsTemplate(set, stand.baseline)) {
    const { name } = set.metadata;
    return { outcome: 'nothing-to-do', message: `StatefulSet ${name} and all its Pods are of revision ${stand.revision} already` };
  }
  return {
    operation,
    set,
    leaving: [],
    arriving: [],
    staying: ordinalsOf(set),
    restarting: { ordinals, revision: stand.revision },
    ...(input.resume === undefined ? {} : { goesBack: true, archive: input.resume.archive }),
  };
}

/**
 * What is left to do, from what is there (docs/adr/0014). The record is first written with the first patch, so its kind tells
 * whether that is made.
 * @throws ChangedError where the template is not the one that this abort has restored
 */
export function abortPlan(input: Input, intent: Intent, findings: readonly Finding[], as: As): PlanDraft {
  const { snapshot, resume } = input;
  const set = liveSet(snapshot);
  const stand = standOf(input, as.operation);
  const order = orderOf(set, podsOf(snapshot), stand.revision, snapshot.now);
  const archive = resume?.record.archive ?? archiveNameFor(snapshot);
  const strategy = originalStrategy(input, set);
  const facts: Facts = { set, timeoutMs: stepTimeout(set, input.stepTimeoutMs) };
  const steps = stepsOf(input, stand, order, facts, strategy);
  const [first] = steps;
  const dependents = removedWith(snapshot, intent);
  return {
    schema: 1,
    ...as,
    cluster: snapshot.cluster,
    target: snapshot.target,
    options: { ...input.options, ...(as.cancels === undefined ? { baseline: stand.revision } : {}) },
    allowed: input.allowed,
    summary: summaryOf(set, order, stand.revision),
    findings,
    changes: [
      ...(stand.begun ? [] : fieldFates(templateDifferences(set.spec.template, stand.baseline.template))),
      ...withoutDependents(fateOf(set, order, stand.revision, input), dependents),
      ...dependentFates(dependents, snapshot),
    ],
    basedOn: [...plannedOnSet(set, snapshot), ...plannedOnDependents(dependents)],
    steps,
    ...(stand.begun && first !== undefined ? { from: first.id } : {}),
    replan: 'eachStep',
    consent: consentTo(abortConsent, set.metadata.name, dataLost(dependents).length > 0),
    putBack: { strategy: strategy ?? null },
    archive,
  };
}

function stepsOf(input: Input, stand: Stand, order: Order, facts: Facts, strategy: UpdateStrategy | undefined): readonly Step[] {
  const { set, timeoutMs } = facts;
  const isRestored = stand.begun && set.spec.updateStrategy?.type !== 'OnDelete';
  return [
    ...(input.resume === undefined ? [archiveStep(archiveNameFor(input.snapshot), timeoutMs)] : []),
    ...(stand.begun ? [] : [toBaselineStep(facts, stand.baseline)]),
    ...(isRestored ? [] : [...replaceSteps(facts, order), updatedStep(facts)]),
    // Made already, it is what waits for its own end.
    ...strategyStep(facts, strategy),
    finishStep(facts, promisedClaims(input, set)),
  ];
}

/** @throws ChangedError where somebody else has changed the template since the first patch */
function standOf(input: Input, operation: OperationName): Stand {
  const { snapshot, resume, options } = input;
  if (resume?.record.kind !== operation) {
    const baseline = baselineOf({ snapshot, options, begun: resume });
    return { begun: false, revision: baseline.revision, baseline };
  }
  const revision = options.baseline ?? archivedSet(resume.archive).status.updateRevision ?? '';
  const set = liveSet(snapshot);
  if (isObserved(set) && set.status.updateRevision !== revision)
    throw new ChangedError(
      `the Pod template of StatefulSet ${set.metadata.name} is of revision ${set.status.updateRevision ?? 'none'}, and the abort has restored ${revision}: another client has changed it since`,
    );
  return { begun: true, revision };
}

function isAsTemplate(set: StatefulSet, { template }: Baseline): boolean {
  return templateDifferences(template, set.spec.template).length === 0;
}

/** As it was before us: on the record, else in the archive of a rollout of ours, else as it is. */
function originalStrategy({ resume }: Input, set: StatefulSet): UpdateStrategy | undefined {
  if (resume === undefined) return set.spec.updateStrategy;
  const { strategy } = resume.record.putBack;
  return strategy === undefined ? archivedSet(resume.archive).spec.updateStrategy : (strategy ?? undefined);
}

function summaryOf({ metadata: { name } }: StatefulSet, { broken, healthy }: Order, revision: string): string {
  const pods = broken.length + healthy.length;
  const which = pods === 0 ? 'no Pod has to be replaced' : `${pods} ${pods === 1 ? 'Pod is' : 'Pods are'} replaced, one at a time`;
  return `abort the rollout of StatefulSet ${name}: back to revision ${revision}, ${which}`;
}

function fateOf(set: StatefulSet, { broken, healthy }: Order, revision: string, { snapshot }: Input): readonly Change[] {
  const turns = new Map([...broken, ...healthy].map(({ ordinal }, index) => [ordinal, index + 1]));
  const members = memberFates(set, snapshot, (ordinal) => {
    const turn = turns.get(ordinal);
    return turn === undefined ? 'stays' : `replaced ${ordinalWord(turn)}, back to ${revision}`;
  });
  return [...members, ...claimFates(set, snapshot, () => 'kept')];
}

/** `1st`, `2nd`, `11th`. */
function ordinalWord(number: number): string {
  const rest = number % 100;
  const ending = rest > 10 && rest < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
