import Type, { type Static } from 'typebox';
import { OWNED_SLICES } from '../../domain/dependents.ts';
import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, isPodReady, isTerminating } from '../../domain/members.ts';
import { ordinalIn, ordinalsOf } from '../../domain/naming.ts';
import type { Intent } from '../../findings/check.ts';
import type { ClaimState } from '../../plan/condition.ts';
import type { Change, NothingToDo, Step } from '../../plan/plan.ts';
import { refBeside } from '../member-steps.ts';
import type { Operation, PlanDraft, PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { claimStates } from '../promised-claims.ts';
import { stepTimeout } from '../timeouts.ts';
import { restartConsent, restartRules } from './rules.ts';

const RESTART = 'restart';

const restartOptions = Type.Object({
  pod: Type.String({ minLength: 1 }),
  uid: Type.Optional(
    Type.String({ minLength: 1, description: 'Of the Pod that is evicted: with another one, its replacement is waited for' }),
  ),
});

type Options = Readonly<Static<typeof restartOptions>>;
type Input = PlanInput<Options>;

const needs = { required: ['set', 'pods', 'claims', 'stored', 'pdbs'], advisory: ['namespace'] } as const;

function podOf({ snapshot, options }: Input): Pod | undefined {
  return podsOf(snapshot).find(({ metadata }) => metadata.name === options.pod);
}

/** The Pod that is still to be evicted; undefined where an earlier run has done that, and its replacement is to be waited for. */
function toEvict(input: Input): Pod | undefined {
  const { uid } = input.options;
  const pod = podOf(input);
  return pod === undefined || isTerminating(pod) || (uid !== undefined && pod.metadata.uid !== uid) ? undefined : pod;
}

function restartIntent(input: Input): Intent | NothingToDo {
  const set = liveSet(input.snapshot);
  const { pod: name, uid } = input.options;
  const ordinal = ordinalOf(set, name);
  const pod = podOf(input);
  if (uid === undefined) throwIfNotThere(set, name, pod);
  if (pod !== undefined && toEvict(input) === undefined && isPodReady(pod) && !isTerminating(pod))
    return { outcome: 'nothing-to-do', message: `Pod ${name} was restarted already, and its replacement is Ready` };
  const staying = ordinalsOf(set).filter((other) => other !== ordinal);
  return { operation: RESTART, set, leaving: [ordinal], arriving: [], staying };
}

/** @throws CannotError where the set has no Pod of that ordinal */
function ordinalOf(set: StatefulSet, name: string): number {
  const ordinal = ordinalIn(set.metadata.name, name);
  if (ordinal !== undefined && ordinalsOf(set).includes(ordinal)) return ordinal;
  throw new CannotError(`${name} is not a Pod of StatefulSet ${set.metadata.name} within its replicas`);
}

function throwIfNotThere(set: StatefulSet, name: string, pod: Pod | undefined): void {
  if (pod === undefined) throw new CannotError(`Pod ${name} does not exist: the controller has yet to create it`);
  if (!isControlledBy(pod, set.metadata.uid)) throw new RefusedError(`Pod ${name} is not controlled by StatefulSet ${set.metadata.name}`);
  if (isTerminating(pod)) throw new RefusedError(`Pod ${name} is already terminating`);
}

function restartPlan(input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const { snapshot, options, allowed } = input;
  const { set, leaving } = intent;
  const pod = toEvict(input);
  const claims = claimStates(set, snapshot, (ordinal) => ordinal === leaving[0]);
  const timeoutMs = stepTimeout(set, input.stepTimeoutMs);
  const uid = options.uid ?? pod?.metadata.uid;
  return {
    schema: 1,
    operation: RESTART,
    cluster: snapshot.cluster,
    target: snapshot.target,
    options: { ...options, ...(uid === undefined ? {} : { uid }) },
    allowed,
    summary:
      pod === undefined
        ? `wait until the replacement of Pod ${options.pod} is Ready`
        : `restart Pod ${options.pod} of StatefulSet ${set.metadata.name}: evict it, and wait until its replacement is Ready`,
    findings,
    changes: changesOf(input, claims),
    basedOn: [...plannedOnSet(set, snapshot), ...(pod === undefined ? [] : [plannedOnPod(pod)])],
    steps: [...(pod === undefined ? [] : [evictStep(input, intent, pod, timeoutMs)]), replacedStep(input, intent, claims, timeoutMs)],
    consent: { kind: 'yes-no' },
    putBack: {},
    archive: '',
  };
}

const plannedOnPod = ({ metadata: { name, uid } }: Pod) => ({ object: `pod/${name}`, uid, fields: {} });

function changesOf(input: Input, claims: readonly ClaimState[]): readonly Change[] {
  const pod = podOf(input);
  const now = pod === undefined ? 'not there' : `${pod.status.phase ?? 'Unknown'}, node ${pod.spec.nodeName ?? '<none>'}`;
  return [
    { kind: 'Pod', name: input.options.pod, before: now, after: toEvict(input) === undefined ? 'replaced' : 'evicted, and replaced' },
    ...claims.map(({ name, phase }): Change => ({ kind: 'PersistentVolumeClaim', name, before: phase, after: 'kept' })),
  ];
}

/** Nobody else may be down by then, as when the plan was made. */
function evictStep({ allowed }: Input, { set, staying }: Intent, { metadata: { name, uid } }: Pod, timeoutMs: number): Step {
  const strict = staying.length > 0 && !allowed.includes('unhealthy-member-stays');
  return {
    id: 'evict',
    title: `evict Pod ${name} by UID`,
    action: { do: 'write', write: { verb: 'delete', ref: refBeside(set, 'pods', name), uid, evicts: true } },
    preconditions: [{ is: 'set-is', uid: set.metadata.uid }, ...(strict ? [{ is: 'members-ready', ordinals: staying } as const] : [])],
    verify: [{ is: 'pod-gone', pod: { name, uid } }],
    ifStopped: 'continues',
    timeoutMs,
  };
}

function replacedStep({ options }: Input, { set, leaving }: Intent, claims: readonly ClaimState[], timeoutMs: number): Step {
  return {
    id: 'replaced',
    title: `wait until the replacement of ${options.pod} is Ready`,
    action: { do: 'wait' },
    preconditions: [{ is: 'set-is', uid: set.metadata.uid }],
    verify: [{ is: 'members-ready', ordinals: leaving }, ...(claims.length === 0 ? [] : [{ is: 'claims-unchanged', claims } as const])],
    timeoutMs,
  };
}

/** `restart POD`: one Pod, by the eviction API, which honors PodDisruptionBudgets (product, section 3). */
export const podRestart: Operation<Options> = {
  id: RESTART,
  options: restartOptions,
  subject: 'statefulsets',
  journal: 'none',
  archive: 'none',
  writes: [{ resource: 'pods', verbs: ['evict'] }],
  needs,
  consent: restartConsent,
  intent: restartIntent,
  rules: () => restartRules,
  plan: restartPlan,
  done: ({ options }) => `Pod ${String(options['pod'])} restarted: its replacement is Ready`,
  table: [{ operation: RESTART, consent: restartConsent, needs, rules: restartRules, owned: OWNED_SLICES }],
};
