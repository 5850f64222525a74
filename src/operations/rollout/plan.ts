import { UsageError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { ordinalsOf, replicasOf } from '../../domain/naming.ts';
import { milestones, podsAt } from '../../domain/rollout-points.ts';
import { type Difference, saidOtherwise, templateDifferences } from '../../domain/spec-difference.ts';
import type { OperationName } from '../../domain/stored.ts';
import type { Intent } from '../../findings/check.ts';
import { fieldsWritten, writeOf } from '../../plan/action.ts';
import type { Change, NothingToDo, Step } from '../../plan/plan.ts';
import { archiveNameFor } from '../archive-name.ts';
import { fieldFates, memberFates } from '../fate.ts';
import { checkNames, gatesIn } from '../gates.ts';
import { leftBy } from '../held.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { liveSet, originalSet } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { promisedClaims } from '../promised-claims.ts';
import { stepTimeout } from '../timeouts.ts';
import { templateOf } from './new-template.ts';
import { type Pace, restartsOf, type StartOptions, soakOf } from './options.ts';
import { partitionIn } from './partition.ts';
import { rolloutConsent } from './rules.ts';
import { rolloutSteps } from './steps.ts';

type Input = PlanInput<Pace>;

/** @throws UsageError for steps that do not fit its number of Pods */
export function rolloutIntent(operation: OperationName, input: Input): Intent | NothingToDo {
  const set = originalSet(input);
  const { name } = set.metadata;
  stepsOf(input, set);
  if (input.resume === undefined && differencesOf(input).length === 0)
    return { outcome: 'nothing-to-do', message: `StatefulSet ${name} already has this Pod template` };
  return {
    operation,
    set: liveSet(input.snapshot),
    leaving: [],
    arriving: [],
    staying: ordinalsOf(set),
    restarting: { ordinals: ordinalsOf(set), revision: 'the new revision' },
    rollsOut: { template: newTemplate(input), lost: input.options.lost ?? [], others: othersOf(input), ...begunWith(input) },
    ...leftBy(input),
  };
}

function othersOf({ options, snapshot }: Input): readonly Difference[] {
  const { manifest } = options as Pick<StartOptions, 'manifest'>;
  return manifest === undefined ? [] : saidOtherwise(manifest['spec'] as Readonly<Record<string, unknown>>, liveSet(snapshot));
}

/** Of one that resumes: the partition at which it was left. */
function begunWith(input: Input): Pick<NonNullable<Intent['rollsOut']>, 'partition'> {
  const { resume } = input;
  if (resume === undefined) return {};
  const steps = stepsFor(input);
  const reached = steps.slice(0, steps.findIndex(({ id }) => id === resume.record.cursor) + 1);
  // Before that, the template is not its own.
  if (!reached.some(({ id }) => id === 'start')) return {};
  const partition = reached.flatMap((step) => partitionIn(fieldsWritten(writeOf(step.action))) ?? []).at(-1);
  return partition === undefined ? {} : { partition };
}

export function rolloutPlan(operation: OperationName, input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const set = originalSet(input);
  const { name } = set.metadata;
  const steps = stepsFor(input);
  const { milestones: reached } = stepsOf(input, set);
  return {
    schema: 1,
    operation,
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: { ...input.options },
    allowed: input.allowed,
    summary: summaryOf(operation, set, reached),
    findings,
    changes: [...fieldFates(differencesOf(input)), ...podFates(input, set, steps)],
    basedOn: plannedOnSet(intent.set, input.snapshot),
    steps,
    ...(input.resume === undefined ? {} : { from: input.resume.record.cursor }),
    during: { spec: 'as-written' },
    consent: consentTo(rolloutConsent, name),
    putBack: {},
    archive: archiveOf(input),
  };
}

function summaryOf(operation: OperationName, set: StatefulSet, reached: readonly number[]): string {
  const replicas = replicasOf(set);
  const name = `StatefulSet ${set.metadata.name}`;
  if (replicas === 0) return `${operation} of ${name}: a new Pod template, for Pods that are created later`;
  const inSteps = reached.length > 1 ? `, in steps of ${reached.join(', ')}` : '';
  return `${operation} of ${name}: update ${replicas} ${replicas === 1 ? 'Pod' : 'Pods'} one at a time, highest ordinal first${inSteps}`;
}

function stepsFor(input: Input): readonly Step[] {
  const set = originalSet(input);
  const gates = gatesIn(input.options);
  checkNames(gates, set);
  const timeoutMs = stepTimeout({ ...set, spec: { ...set.spec, template: newTemplate(input) } }, input.stepTimeoutMs);
  return rolloutSteps({
    set,
    live: liveSet(input.snapshot),
    differences: differencesOf(input),
    archive: archiveOf(input),
    soakMs: soakOf(input.options),
    restarts: restartsOf(input.options),
    others: !input.allowed.includes('unhealthy-baseline'),
    pauses: pausesOf(input, set),
    gates,
    claims: promisedClaims(input, set),
    timeoutMs,
  });
}

const archiveOf = (input: Input): string => input.resume?.record.archive ?? archiveNameFor(input.snapshot);

/** What changes, from the template as it was when the rollout began. */
function differencesOf(input: Input): readonly Difference[] {
  return templateDifferences(templateOf(originalSet(input)), newTemplate(input));
}

function newTemplate({ options, snapshot }: Input): StatefulSet['spec']['template'] {
  return (options.template as StatefulSet['spec']['template'] | undefined) ?? liveSet(snapshot).spec.template;
}

/** The steps that were asked for, in numbers of Pods; the last is all of them. */
function stepsOf({ options: { steps, pauseAt = [] } }: Input, set: StatefulSet): { readonly milestones: readonly number[] } {
  const replicas = replicasOf(set);
  if (replicas === 0) return { milestones: [] };
  const asked = milestones([...(steps ?? pauseAt), '100%'], replicas);
  if ('wrong' in asked) throw new UsageError(`--${steps === undefined ? 'pause-at' : 'steps'} ${asked.wrong} ${asked.why}`);
  return { milestones: asked };
}

/**
 * A pause at which the rollout stands is one of its steps, whatever was asked for since; one behind the last Pod is none.
 * @throws UsageError for a pause that is no step
 */
function pausesOf(input: Input, set: StatefulSet): readonly number[] {
  const replicas = replicasOf(set);
  const { pauseAt = [] } = input.options;
  const asked = milestones(pauseAt, replicas);
  if ('wrong' in asked) throw new UsageError(`--pause-at ${asked.wrong} ${asked.why}`);
  const { milestones: steps } = stepsOf(input, set);
  const none = pauseAt.find((point) => !steps.includes(podsAt(point, replicas)));
  if (none !== undefined) throw new UsageError(`--pause-at ${none} is not one of the steps`);
  const stands = Array.from({ length: replicas }, (_, index) => index + 1).filter(
    (updated) => `pause/${updated}` === input.resume?.record.cursor,
  );
  return [...asked.filter((updated) => updated < replicas), ...stands];
}

/** Which Pod is updated in which step, in this order, and where it pauses. */
function podFates(input: Input, set: StatefulSet, steps: readonly Step[]): readonly Change[] {
  const { milestones: reached } = stepsOf(input, set);
  const ordinals = ordinalsOf(set).toReversed();
  const pauses = new Set(steps.flatMap(({ action, id }) => (action.do === 'pause' ? [id] : [])));
  const fates = memberFates(set, input.snapshot, (ordinal) => {
    const nth = ordinals.indexOf(ordinal) + 1;
    if (nth === 0) return 'unchanged';
    const step = reached.findIndex((updated) => nth <= updated) + 1;
    const inStep = reached.length > 1 ? ` in step ${step} of ${reached.length}` : '';
    return `updated${inStep}${pauses.has(`pause/${nth}`) ? ', then a pause' : ''}`;
  });
  return fates.toReversed();
}
