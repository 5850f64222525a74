import { accessNeeds } from '../cluster/slices/table.ts';
import type { AccessNeed } from '../domain/access.ts';
import { CannotError, RefusedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import { describe } from '../domain/object-ref.ts';
import { objectIn, type SliceName, type Snapshot, sliceOf, subjectOf } from '../domain/snapshot.ts';
import { lookedAtAgain, runChecks } from '../findings/check.ts';
import { notFound } from '../inspect/not-found.ts';
import { accessOf } from '../operations/access.ts';
import { CANCEL } from '../operations/back.ts';
import { isNothingToDo, type Look, type Operation, type PlanDraft, type PlanInput, type Resume } from '../operations/operation.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import { planDigest } from '../plan/digest.ts';
import type { Plan, Planned, Refusal } from '../plan/plan.ts';
import { triedInAdvance } from './admission.ts';
import { archiveOf, withArchive } from './archive-source.ts';
import { allowedIn, checkedOperation, meantBy, operationOf, optionsOf } from './asked.ts';
import { missingPermission, unknownEvidence, unknownPermission } from './evidence.ts';
import { followedOf } from './followed.ts';
import { withFurther } from './further.ts';
import { openRecord } from './open-record.ts';
import type { Outlook } from './outlook.ts';
import type { LookPorts, OperationRequest } from './ports.ts';
import { standingOf } from './resume.ts';
import { resumptionOf } from './resumption.ts';
import { withWholeRevisions } from './whole-revisions.ts';

/** Why a plan is refused that admission would stop. */
export const REJECTED = 'rejected by admission';

/** What a request comes to on this look, and what it goes on from. */
export interface Prepared {
  readonly planned: Planned;
  readonly snapshot: Snapshot;
  readonly resume?: Resume;
  /** Its holder shows no sign of life, and has to be taken over. */
  readonly isSilent?: true;
}

/** What a request has to look at before it can be judged, and what it follows while it runs. */
export function slicesOf({ operation, target }: OperationRequest): readonly SliceName[] {
  const { needs, foreseen = [] } = operationOf(operation);
  return [...new Set<SliceName>([...followedOf(target), ...needs.required, ...needs.advisory, ...foreseen])];
}

/** Read → judge → plan. Writes nothing and asks nobody but about a take-over. */
export async function prepare(request: OperationRequest, outlook: Outlook, ports: LookPorts): Promise<Prepared> {
  const asked = checkedOperation(request);
  const snapshot = await lookFor(request, outlook, ports);
  const needed = needsOf(asked, request, snapshot);
  const unknown = unknownEvidence(snapshot, needed, request.operation);
  const blind = unknown.filter(({ severity }) => severity === 'blocks');
  if (blind.length > 0) return { snapshot, planned: refusal(request, snapshot, blind, 'required information could not be read') };
  // Before anybody is asked about a take-over, and beside all further questions to the server.
  outlook.follow();
  const standing = await standingOf(snapshot, request, ports);
  if (standing.kind === 'refused')
    return { snapshot, planned: refusal(request, snapshot, [standing.finding], 'another operation is open') };
  const resume = standing.kind === 'resume' ? standing.resume : undefined;
  await throwIfAbsent(request, snapshot, resume, ports);
  const meant = meantBy(request, resume);
  const operation = checkedOperation(meant);
  const known: PlanInput<unknown> = {
    snapshot,
    options: optionsOf(meant, resume),
    allowed: allowedIn(meant, resume),
    ...(request.stepTimeoutMs === undefined ? {} : { stepTimeoutMs: request.stepTimeoutMs }),
    ...(resume === undefined ? {} : { resume }),
  };
  const input = await withFound(operation, known, ports);
  const planned = await planOf(operation, input, unknown, request, { ...ports, outlook });
  const { isSilent } = standing.kind === 'resume' ? standing : {};
  return {
    snapshot,
    planned,
    ...(resume === undefined ? {} : { resume }),
    ...(isSilent === undefined ? {} : { isSilent }),
  };
}

/** What the request can do without is advisory: with --save-to the archive may be a file alone, so Secrets need not be readable. */
function needsOf(operation: Operation<unknown>, { saveTo, options }: OperationRequest, snapshot: Snapshot): Operation<unknown>['needs'] {
  const { archive, needs } = operation;
  const byFile: readonly SliceName[] = archive === 'secret or file' && saveTo !== undefined ? ['stored'] : [];
  const spared = new Set([...byFile, ...(operation.spares?.({ snapshot, options, ...onSet(snapshot) }) ?? [])]);
  return { required: needs.required.filter((slice) => !spared.has(slice)), advisory: [...needs.advisory, ...spared] };
}

function onSet(snapshot: Snapshot): Pick<Look<unknown>, 'open'> {
  const found = openRecord(snapshot)?.found;
  return found?.state === 'valid' && found.carrier === 'set' ? { open: found.record } : {};
}

async function lookFor(request: OperationRequest, outlook: Outlook, ports: LookPorts): Promise<Snapshot> {
  const snapshot = await outlook.see(slicesOf(request));
  const { options } = request;
  const { archive } = options;
  const chosen = typeof archive === 'string' ? await withArchive(snapshot, archive, ports) : snapshot;
  const names =
    (operationOf(request.operation) as Operation<unknown>).wholeRevisions?.({ snapshot: chosen, options, ...onSet(chosen) }) ?? [];
  return await withWholeRevisions(chosen, names, ports.verbs);
}

/** One that resumes has it from its beginning. */
async function withFound(
  operation: Operation<unknown>,
  input: PlanInput<unknown>,
  { dryRunVerbs }: LookPorts,
): Promise<PlanInput<unknown>> {
  if (operation.findsOut === undefined || input.resume?.record.kind === operation.id) return input;
  const found = await operation.findsOut(input, dryRunVerbs);
  return { ...input, options: { ...(input.options as object), ...found } };
}

interface PlanPorts extends LookPorts {
  readonly outlook: Outlook;
}

async function planOf(
  operation: Operation<unknown>,
  known: PlanInput<unknown>,
  unknown: readonly Finding[],
  request: OperationRequest,
  ports: PlanPorts,
): Promise<Planned> {
  const intent = operation.intent(known);
  if (isNothingToDo(intent)) return intent;
  // What a resumed operation did itself would trip most checks of its beginning; its steps re-check what still matters.
  const goesOn = known.resume !== undefined && known.resume.record.kind === operation.id;
  const rules = goesOn ? lookedAtAgain(operation.rules(known)) : operation.rules(known);
  const { input, unseen } = await withFurther(operation, known, { rules, intent }, ports.outlook);
  const { snapshot } = input;
  const findings = [...unknown, ...unseen, ...runChecks(rules, snapshot, intent, input.allowed)];
  // By id, as --allow takes them and as people see them: five members that are not ready are one.
  const blocking = new Set(findings.flatMap(({ id, severity }) => (severity === 'blocks' ? [id] : [])));
  if (blocking.size > 0)
    return refusal(request, snapshot, findings, `refused by ${blocking.size} ${blocking.size === 1 ? 'finding' : 'findings'}`);
  const draft = operation.plan(input, intent, findings);
  throwIfLost(draft);
  const unsure: Finding[] = [];
  const tell = (message: string): void => void unsure.push(unknownPermission(snapshot, message));
  const [denied, rejected] = await Promise.all([
    ports.reader.denied([...accessNeeds(followedOf(request.target), request.target, true), ...accessOf(draft)], tell),
    tried(draft, input, request, ports),
  ]);
  if (mayDoWithoutSecrets(denied, request)) {
    return await planOf(operation, { ...input, options: { ...request.options, withoutSecrets: true } }, unknown, request, ports);
  }
  const missing = denied.map((need) => missingPermission(snapshot, need, request.operation));
  if (missing.length > 0) return refusal(request, snapshot, missing, 'permissions are missing');
  if (rejected !== undefined) return refusal(request, snapshot, [...findings, rejected], REJECTED);
  const told = { ...draft, findings: [...draft.findings, ...unsure] };
  return { outcome: 'plan', plan: digested(operation.journal === 'none' ? { ...told, journal: 'none' } : told, input) };
}

function digested(draft: PlanDraft, { resume, snapshot }: PlanInput<unknown>): Plan {
  const resumed = draft.from === undefined || resume === undefined ? {} : { resume: resumptionOf(draft, resume.record, snapshot) };
  return { ...draft, ...resumed, digest: planDigest(draft) };
}

/** What admission says of the plan's change before anything is written; a dry run says whether the server is asked. */
async function tried(
  draft: PlanDraft,
  { snapshot, resume }: PlanInput<unknown>,
  { dryRun, triesAdmission = dryRun === undefined }: OperationRequest,
  { dryRunVerbs: verbs }: LookPorts,
): Promise<Finding | undefined> {
  if (!triesAdmission) return undefined;
  const archive = archiveOf(draft, snapshot, resume);
  return await triedInAdvance(draft, { plan: draft, archive, subject: objectIn(snapshot, subjectOf(draft.target)), verbs });
}

/** @throws RefusedError when the cursor stands on none of the steps: to begin at the first would do things twice */
function throwIfLost(draft: PlanDraft): void {
  const { from, steps, operation, target } = draft;
  if (from === undefined || steps.some(({ id }) => id === from)) return;
  throw new RefusedError(
    `the open ${operation} of StatefulSet ${target.name} stands at step ${from}, which is no part of it any more`,
    commandLine({ operation: CANCEL, name: target.name, options: {} }, placeOf(draft)),
  );
}

/** Only Secrets are denied, and --save-to keeps the archive in a file instead. */
function mayDoWithoutSecrets(denied: readonly AccessNeed[], { operation, saveTo }: OperationRequest): boolean {
  const isKeptInFile = operationOf(operation).archive === 'secret or file' && saveTo !== undefined;
  return isKeptInFile && denied.length > 0 && saveTo !== undefined && denied.every(({ resource }) => resource === 'secrets');
}

export function refusal(
  request: Pick<OperationRequest, 'operation' | 'target'>,
  snapshot: Snapshot,
  findings: readonly Finding[],
  message: string,
): Refusal {
  const { operation, target } = request;
  return {
    outcome: 'refused',
    operation,
    target,
    cluster: snapshot.cluster,
    message: `${operation} of ${describe(subjectOf(target))}: ${message}`,
    findings,
  };
}

/** @throws CannotError for an unknown set, with where it was looked for and what is there instead */
async function throwIfAbsent(request: OperationRequest, snapshot: Snapshot, resume: Resume | undefined, ports: LookPorts): Promise<void> {
  const { startsWithout, subject } = operationOf(request.operation);
  // Of another kind of object the operation itself says that it is not there.
  const isExpected = subject === 'statefulsets' && startsWithout !== true;
  if (resume !== undefined || !isExpected || sliceOf(snapshot, 'set').state !== 'absent') return;
  const { message, hint } = await notFound(snapshot, ports.reader);
  throw new CannotError(message, hint);
}
