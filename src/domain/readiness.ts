import { countContainers, waitingInit } from './containers.ts';
import type { ContainerStatus, ObjectCondition, Pod } from './kube.ts';
import { roughAge } from './rough-age.ts';

/** What a container, an init container or the scheduler names as the reason, and where it says so. */
export interface Trouble {
  readonly reason: string;
  readonly field: string;
  /** What it says besides, where that tells more than the reason. */
  readonly message?: string;
}

/**
 * Why a Pod is not Ready, in a few words each, most telling first: the containers, what ails them or the scheduler, the
 * readiness gates and the Ready condition itself, and for how long.
 *
 * @param now server's time, milliseconds
 */
export function whyNotReady(pod: Pod, now: number): readonly string[] {
  const { total, ready, restarts, unready } = countContainers(pod);
  const trouble = troubleOf(pod);
  const since = notReadySince(pod);
  return [
    ...(pod.status.phase === 'Running' ? [] : [pod.status.phase ?? 'phase unknown']),
    `${ready}/${total} containers`,
    ...(trouble === undefined ? quietWords(pod, ready, unready) : [troubleWords(trouble)]),
    ...(restarts > 0 ? [`${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`] : []),
    ...gateWords(pod),
    ...conditionWords(pod),
    ...(since === undefined ? [] : [`for ${roughAge(now - since)}`]),
  ];
}

export function conditionOf(pod: Pod, type: string): ObjectCondition | undefined {
  return pod.status.conditions?.find((condition) => condition.type === type);
}

/** Since when it is not Ready, milliseconds since the epoch. */
export function notReadySince(pod: Pod): number | undefined {
  const at = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** The most telling reason for which a Pod is not Ready; undefined when nothing says one. */
export function troubleOf(pod: Pod): Trouble | undefined {
  const told = [
    ...(pod.status.initContainerStatuses ?? []).map((status) => containerTrouble('initContainerStatuses', status)),
    ...(pod.status.containerStatuses ?? []).map((status) => containerTrouble('containerStatuses', status)),
  ].filter((trouble) => trouble !== undefined);
  return told.find(({ reason }) => !STARTING.includes(reason)) ?? unscheduled(pod) ?? told[0];
}

/** PodScheduled False: the scheduler's words, without what it tried to make room. */
function unscheduled(pod: Pod): Trouble | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const gates = (pod.spec.schedulingGates ?? []).map(({ name }) => name);
  const message = gates.length > 0 ? gates.join(', ') : scheduled.message?.split(' preemption: ')[0];
  return {
    reason: scheduled.reason ?? 'not scheduled',
    field: 'status.conditions[PodScheduled].reason',
    ...(message === undefined ? {} : { message }),
  };
}

function containerTrouble(list: string, { name, state }: ContainerStatus): Trouble | undefined {
  const at = `status.${list}[${name}].state`;
  if (state?.waiting?.reason !== undefined) return waitingTrouble(at, state.waiting.reason, state.waiting.message);
  const ended = state?.terminated;
  if (ended === undefined || (list === 'initContainerStatuses' && ended.exitCode === 0)) return undefined;
  return { reason: ended.reason ?? `exit code ${ended.exitCode}`, field: `${at}.terminated.reason` };
}

function waitingTrouble(at: string, reason: string, message: string | undefined): Trouble {
  const told = message !== undefined && TELLING.includes(reason) ? { message } : {};
  return { reason, field: `${at}.waiting.reason`, ...told };
}

/** Reasons of a Pod that is on its way. */
const STARTING: readonly string[] = ['ContainerCreating', 'PodInitializing'];

/** Reasons that are a riddle without their message: which Secret, which command. The back-offs repeat only their names. */
const TELLING: readonly string[] = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'InvalidImageName'];

function troubleWords({ reason, message }: Trouble): string {
  return message === undefined || message === '' ? reason : `${reason}: ${brief(message)}`;
}

/** Nothing fails: which init container runs, or which of several containers is not ready. */
function quietWords(pod: Pod, ready: number, unready: readonly string[]): readonly string[] {
  const init = waitingInit(pod);
  if (init !== undefined && conditionOf(pod, 'Initialized')?.status === 'False') return [`init container ${init.name} has not finished`];
  return ready > 0 && unready.length > 0 ? [`not ready: ${unready.join(', ')}`] : [];
}

/** Readiness gates that are not True: whoever they belong to says why in a condition of their name. */
function gateWords(pod: Pod): readonly string[] {
  return (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = conditionOf(pod, conditionType);
    if (gate?.status === 'True') return [];
    if (gate === undefined) return [`readiness gate ${conditionType} is not set`];
    const why = [gate.reason, gate.message].filter((words) => words !== undefined && words !== '').join(': ');
    return [`readiness gate ${conditionType} is ${gate.status}${why === '' ? '' : ` (${brief(why)})`}`];
  });
}

/** Reasons of the Ready condition that the containers and the readiness gates tell better (kubelet, status/generate.go). */
const TOLD: readonly string[] = ['ContainersNotReady', 'ContainersNotInitialized', 'ReadinessGatesNotReady'];

function conditionWords(pod: Pod): readonly string[] {
  const { reason = '', message = '', status } = conditionOf(pod, 'Ready') ?? {};
  if (status === 'True' || reason === '' || TOLD.includes(reason)) return [];
  return [message === '' ? reason : `${reason}: ${brief(message)}`];
}

/** Longest part of a message that fits into a sentence. */
const BRIEF = 200;

function brief(message: string): string {
  const one = message.trim().replace(/\.$/, '');
  return one.length <= BRIEF ? one : `${one.slice(0, BRIEF - 1)}…`;
}
