import type { Finding } from '../domain/finding.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, OperationName, OperationRecord } from '../domain/stored.ts';
import type { Condition } from '../plan/condition.ts';
import type { Step } from '../plan/plan.ts';
import { cancelConsent } from './back-rules.ts';
import { type BackInput, consentTo, type PlanDraft } from './operation.ts';

/** What all ways back have in common: `cancel` takes them. */
export const CANCEL: OperationName = 'cancel';

export function isSetThere({ snapshot }: { readonly snapshot: Snapshot }): boolean {
  return sliceOf(snapshot, 'set').state === 'read';
}

/** The record on the index, which may be older than what a cancel has recorded on the set since. */
export function recordOnIndex({ snapshot }: { readonly snapshot: Snapshot }): OperationRecord | undefined {
  const stored = sliceOf(snapshot, 'stored');
  const found = stored.state === 'read' ? stored.value.record : undefined;
  return found?.state === 'valid' ? found.record : undefined;
}

/**
 * The operation that a record goes back from, or itself. A cancel of version 0.1 does not say it: the only one that deletes a
 * set goes back from a restore, and every other one goes by the archive of what it cancels.
 */
export function cancelledBy({ kind, cancels, cursor }: OperationRecord, archive: Pick<Archive, 'operation'> | undefined): OperationName {
  if (kind !== CANCEL) return kind;
  return cancels ?? (cursor === 'delete-set' ? 'restore' : (archive?.operation ?? kind));
}

/** The start of the summary of a way back. */
export function titleOf({ kind }: OperationRecord): string {
  return kind === CANCEL ? 'resume the cancel' : `cancel ${kind}`;
}

/** What all ways back have in common; one that loses data asks for more than a yes. */
export function backDraft(
  { snapshot, allowed, resume: { record, archive } }: BackInput,
  findings: readonly Finding[],
): Pick<PlanDraft, 'schema' | 'operation' | 'cancels' | 'cluster' | 'target' | 'options' | 'allowed' | 'findings' | 'consent'> {
  const { cluster, target } = snapshot;
  const consent = consentTo(cancelConsent, target.name);
  return {
    schema: 1,
    operation: CANCEL,
    cancels: cancelledBy(record, archive),
    cluster,
    target,
    options: {},
    allowed,
    findings,
    consent,
  };
}

/** The deletion had recorded on the index that the set was about to be deleted; the set's own record is newer. */
export function closeIndexStep(timeoutMs: number): Step {
  return {
    id: 'close-index',
    title: 'remove the operation record from its Secret',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'index', setDeleted: false } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}

/** The last step of whoever took fields of the set: the record off it, in one patch with giving their ownership back. */
export function handBackStep({ metadata: { uid } }: StatefulSet, timeoutMs: number, preconditions: readonly Condition[] = []): Step {
  return {
    id: 'finish',
    title: 'remove the operation record and give field ownership back',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'set', uid, handBack: true } },
    preconditions,
    verify: [],
    timeoutMs,
  };
}
