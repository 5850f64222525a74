import { ApiError, CannotError, ChangedError, RefusedError, UsageError } from '../domain/errors.ts';
import type { Finding, OperationRemedy, Remedy } from '../domain/finding.ts';
import { refTo } from '../domain/object-ref.ts';
import { type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';
import { CANCEL } from '../operations/back.ts';
import { operationNamed } from '../operations/registry.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import type { OperationResult } from '../plan/result.ts';
import { resumingCommand } from './asked.ts';
import { singleOutlook } from './outlook.ts';
import type { LookPorts, OperationRequest } from './ports.ts';
import { type Prepared, prepare } from './prepare.ts';

/** A command of ours as it would be typed. */
export type Typed = Pick<OperationRequest, 'operation' | 'target' | 'options' | 'saveTo'>;

/** What a command would come to if it were typed now. */
export type Trial =
  | { readonly state: 'accepted'; readonly prepared: Prepared }
  | { readonly state: 'refused'; readonly why: string; readonly remedies: readonly Remedy[] }
  /** The server did not say enough to know, or says it to others: not to a user who may not read or change what it takes. */
  | { readonly state: 'unknown'; readonly why: string };

/** The two ways on from what stands open, as a result and a list print them. */
export type Ways = Pick<OperationResult, 'resumeCommand' | 'cancelCommand'>;

/**
 * Whether a command would be accepted now, on this target, by this user: by preparing it as the command itself does, so
 * that no printed advice has rules of its own. Writes nothing and asks nobody.
 */
export async function tried(typed: Typed, ports: LookPorts): Promise<Trial> {
  try {
    const request = { ...typed, dryRun: 'client', triesAdmission: true, allow: [], takeOver: false } as const;
    return trialOf(await prepare(request, singleOutlook(ports.reader, typed.target), ports));
  } catch (error) {
    if (isOfTheServer(error)) return { state: 'unknown', why: error.message };
    const isAnswer = [CannotError, RefusedError, UsageError, ChangedError].some((kind) => error instanceof kind);
    if (isAnswer && error instanceof Error) return { state: 'refused', why: error.message, remedies: [] };
    throw error;
  }
}

/** No answer about the object: the request failed, or the whole connection. */
export function isOfTheServer(error: unknown): error is ApiError | CannotError {
  return error instanceof ApiError || (error instanceof CannotError && error.cause instanceof ApiError);
}

/** Findings that another user would not get. */
const ABOUT_THE_USER: ReadonlySet<string> = new Set(['evidence-unknown', 'permission-missing', 'archive-not-writable']);

/** Nor would anybody get it once a webhook answers again. */
function isOfTheMoment({ id, grade }: Finding): boolean {
  return ABOUT_THE_USER.has(id) || (id === 'admission-refuses' && grade === 'unknown');
}

function trialOf(prepared: Prepared): Trial {
  const { planned } = prepared;
  if (planned.outcome === 'plan') return { state: 'accepted', prepared };
  if (planned.outcome === 'nothing-to-do') return { state: 'refused', why: planned.message, remedies: [] };
  const blocking = planned.findings.filter(({ severity }) => severity === 'blocks');
  const why = blocking.map(({ message }) => message).join('; ');
  if (blocking.some(isOfTheMoment)) return { state: 'unknown', why };
  return { state: 'refused', why, remedies: blocking.flatMap(({ id, remedies }) => (id === 'other-operation' ? remedies : [])) };
}

/** A refusal whose remedies are commands that would be accepted: an operation of ours that would be refused as well is left out. */
export async function advised(prepared: Prepared, ports: LookPorts): Promise<Prepared> {
  const { planned } = prepared;
  if (planned.outcome !== 'refused') return prepared;
  const findings = planned.findings.map(async (finding): Promise<Finding> => {
    return { ...finding, remedies: await remediesNow(finding.remedies, planned.target, ports) };
  });
  return { ...prepared, planned: { ...planned, findings: await Promise.all(findings) } };
}

/** Of these remedies those that would be accepted now. */
export async function remediesNow(remedies: readonly Remedy[], target: Target, ports: LookPorts): Promise<readonly Remedy[]> {
  return (await Promise.all(remedies.map((remedy) => remedyNow(remedy, target, ports)))).flat();
}

async function remedyNow(remedy: Remedy, target: Target, ports: LookPorts): Promise<readonly Remedy[]> {
  if (remedy.do === 'kubectl' || isLook(remedy)) return [remedy];
  const { saveTo, ...options } = remedy.options;
  const kept = typeof saveTo === 'string' ? { saveTo } : {};
  const trial = await tried({ operation: remedy.operation, target: targetOf(remedy, target), options, ...kept }, ports);
  if (trial.state === 'unknown') return [remedy];
  if (trial.state === 'refused') return [];
  return [trial.prepared.isSilent === true ? { ...remedy, options: { ...remedy.options, takeOver: true } } : remedy];
}

/** What a remedy is about, which need not be what is refused: of a Pod, its node. */
function targetOf({ operation, subject }: OperationRemedy, target: Target): Target {
  const resource = operationNamed(operation)?.subject;
  if (subject === undefined || resource === undefined || resource === (target.resource ?? 'statefulsets')) return target;
  return { namespace: '', ...refTo(resource, subject.namespace ?? target.namespace, subject.name) };
}

/** It changes nothing: no refusal stands in its way. */
export function isLook({ operation, options }: OperationRemedy): boolean {
  return operationNamed(operation) === undefined || options['list'] === true || options['dryRun'] !== undefined;
}

/** What may be typed about an open operation. */
export interface NextCommands {
  readonly ways: Ways;
  /** Whether all could be found out; else what is missing may only not be known. */
  readonly isKnown: boolean;
  /** Why neither would be accepted, or why that is not known. */
  readonly why?: string;
  /** What ends it by hand then. */
  readonly byHand?: Remedy;
}

/**
 * The commands that resume and cancel an open operation, as far as they would be accepted now.
 *
 * @param id of the operation: a command that would begin another one, or act on somebody's, is none of its
 * @param resume what resumes it, where that is known
 */
export async function nextCommands(id: string, resume: Typed | undefined, target: Target, ports: LookPorts): Promise<NextCommands> {
  const cancel: Typed = { operation: CANCEL, target, options: {} };
  const back = resume !== undefined && isOneWay(resume.operation) ? undefined : cancel;
  const trials = await Promise.all([resume, back].map(async (typed) => typed && (await tried(typed, ports))));
  const [resumeCommand, cancelCommand] = [resume, back].map((typed, at) => typed && lineFor(typed, trials[at], id));
  const ways = { ...(resumeCommand === undefined ? {} : { resumeCommand }), ...(cancelCommand === undefined ? {} : { cancelCommand }) };
  const isKnown = trials.every((trial) => trial?.state !== 'unknown');
  return { ways, isKnown, ...(Object.keys(ways).length === 0 ? whyNeither(trials) : {}) };
}

/** One that resumes another operation has the way back of that one. */
function isOneWay(operation: string): boolean {
  const known = operationNamed(operation);
  return known?.back === undefined && known?.resumes === undefined;
}

function whyNeither(trials: readonly (Trial | undefined)[]): Pick<NextCommands, 'why' | 'byHand'> {
  const refused = trials.flatMap((trial) => (trial === undefined || trial.state === 'accepted' ? [] : [trial]));
  const [byHand] = refused.flatMap((trial) =>
    trial.state === 'refused' ? trial.remedies.filter((remedy) => remedy.do === 'kubectl') : [],
  );
  if (refused.length === 0) return {};
  return { why: [...new Set(refused.map(({ why }) => why))].join('; '), ...(byHand === undefined ? {} : { byHand }) };
}

function lineFor(typed: Typed, trial: Trial | undefined, id: string): string | undefined {
  if (trial?.state !== 'accepted' || trial.prepared.resume?.record.id !== id) return undefined;
  return lineOf(typed, trial.prepared);
}

/** As it is accepted: a silent holder is taken over by a flag, since a prompt may find nobody. */
export function lineOf({ operation, target, options, saveTo }: Typed, { snapshot, isSilent }: Prepared): string {
  const takeOver = isSilent === true ? true : undefined;
  return commandLine({ operation, name: target.name, options: { ...options, saveTo, takeOver } }, placeOf(snapshot));
}

/**
 * The command that an open operation was begun with.
 * @returns undefined where nothing says what was asked for: only its own archive, or the record itself, can
 */
export function begunWith(record: OperationRecord, snapshot: Snapshot): Typed | undefined {
  const { target } = snapshot;
  if (operationNamed(record.kind)?.goesBack === true) return { operation: record.kind, target, options: {} };
  const options = record.asked?.options ?? archivedOptions(record.id, snapshot);
  const known = options ?? (operationNamed(record.kind)?.resumedBy === undefined ? undefined : {});
  return known && { target, ...resumingCommand(record.kind, known) };
}

/** What resumes an open operation, where that is known, and what cancels it. */
export function waysOn(record: OperationRecord, snapshot: Snapshot): readonly OperationRemedy[] {
  const subject = { kind: 'statefulset', name: snapshot.target.name };
  const begun = begunWith(record, snapshot);
  const resume = begun && {
    operation: begun.operation,
    options: { ...begun.options, ...(begun.saveTo === undefined ? {} : { saveTo: begun.saveTo }) },
  };
  return [
    ...(resume === undefined ? [] : [{ do: 'operation' as const, subject, ...resume, why: 'resume it' }]),
    { do: 'operation', subject, operation: CANCEL, options: {}, why: 'restore what was before it' },
  ];
}

function archivedOptions(id: string, snapshot: Snapshot): Readonly<Record<string, unknown>> | undefined {
  const stored = sliceOf(snapshot, 'stored');
  const found = stored.state === 'read' ? stored.value.archive : undefined;
  return found?.state === 'valid' && found.archive.id === id ? found.archive.options : undefined;
}
