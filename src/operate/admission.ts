import { isDeepStrictEqual } from 'node:util';
import { type Admission, admissionName } from '../domain/admission.ts';
import { ApiError } from '../domain/errors.ts';
import type { Evidence, Finding, Grade, Remedy } from '../domain/finding.ts';
import { isSameRef, type ObjectRef, singularOf } from '../domain/object-ref.ts';
import { subjectOf, type Target } from '../domain/snapshot.ts';
import { standsAt } from '../execute/progress.ts';
import { type FieldChange, fieldsWritten, isChangeOf, type Write, writeOf } from '../plan/action.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { fieldName, valueAt } from '../record/object-patch.ts';
import { type Trying, tryWrite } from './trial.ts';

/**
 * Tries the change that the operation is about, before its first write: the first one of the replicas, or the set's creation.
 * It includes what earlier steps change of the same fields, so that one request does.
 * @returns the finding when admission rejects it; undefined when it does not, or when only the write itself will tell
 */
export async function triedInAdvance(plan: Pick<Plan, 'steps' | 'from'>, trying: Trying): Promise<Finding | undefined> {
  const left = new Set(standsAt(plan).remaining);
  const step = plan.steps.find(({ id, action }) => left.has(id) && action.do === 'write' && isDecisive(action.write, trying));
  if (step?.action.do !== 'write') return undefined;
  try {
    await tryWrite(step.action.write, trying);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { admission } = error;
    if (admission === undefined || admission.verdict === 'no-dry-run') return undefined;
    return admissionRefuses(admission, step, trying.plan.target, 'proven');
  }
  return undefined;
}

function isDecisive(write: Write, { plan, subject }: Trying): boolean {
  const ref = subjectOf(plan.target);
  if (ref.resource !== 'statefulsets') return true;
  if (write.verb === 'create') return subject === undefined && isSameRef(write.ref, ref);
  return fieldsWritten(write).some(({ path, to }) => isDecisiveField(path) && !isDeepStrictEqual(to, valueAt(subject, path)));
}

/** What operations are about: the number of Pods, or what they are made from. */
const isDecisiveField = (path: string): boolean => path === '/spec/replicas' || path.startsWith('/spec/template/');

/** A write that admission rejects, before the first one was made: no flag goes past it, for the server will not. */
export function admissionRefuses(admission: Admission, step: Step, target: Target, grade: Grade): Finding {
  const who = admissionName(admission);
  const what = `step ${step.id} (${step.title})`;
  return {
    id: 'admission-refuses',
    severity: 'blocks',
    override: 'never',
    // What it would say is not known: it may answer again in a moment.
    grade: admission.verdict === 'unreachable' ? 'unknown' : grade,
    subject: { kind: singularOf(subjectOf(target).resource), name: target.name, namespace: target.namespace },
    message: admission.verdict === 'denied' ? `${who} denies ${what}` : `${who} cannot be called, so the API server rejects ${what}`,
    evidence: evidenceOf(admission, step, target),
    remedies: [remedyFor(admission)],
  };
}

function evidenceOf(admission: Admission, { action }: Step, target: Target): readonly Evidence[] {
  const { kind, binding, message } = admission;
  const object = `${kind.toLowerCase()}/${admission.name}`;
  const subject = subjectOf(target);
  return [
    { object, field: 'message', value: message },
    ...(binding === undefined ? [] : [{ object, field: 'binding', value: binding }]),
    ...changesOf(writeOf(action), subject).map(({ path, from, to }) => ({
      object: `${singularOf(subject.resource)}/${subject.name}`,
      field: `spec.${fieldName(path)}`,
      value: `${JSON.stringify(from)} to ${JSON.stringify(to)}`,
    })),
  ];
}

/** Fields of the plan's subject that a write changes. */
export function changesOf(write: Write | undefined, subject: ObjectRef): readonly FieldChange[] {
  if (write?.verb !== 'patch' || write.edit.kind !== 'fields' || !isChangeOf(write, subject)) return [];
  return write.edit.changes.filter(({ from, to }) => !isDeepStrictEqual(from, to));
}

function remedyFor({ kind, name }: Admission): Remedy {
  if (kind !== 'webhook') return { do: 'kubectl', args: ['get', kind.toLowerCase(), name, '-o', 'yaml'], why: 'shows the policy' };
  return {
    do: 'kubectl',
    args: ['get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations', '-o', 'yaml'],
    why: `one of these calls ${name}`,
  };
}
