import Type from 'typebox';
import { OWNED_SLICES } from '../../domain/dependents.ts';
import { CannotError } from '../../domain/errors.ts';
import { replicasOf } from '../../domain/naming.ts';
import { type SliceName, sliceOf } from '../../domain/snapshot.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import { CANCEL, cancelledBy } from '../back.ts';
import { cancelConsent, goingBackRules } from '../back-rules.ts';
import { recreatingRules } from '../delete/back.ts';
import type { BackInput, Look, Operation, PlanInput, WayBack } from '../operation.ts';
import { putBack } from '../put-back.ts';

/** `cancel` has no options: the record says what to put back. */
export type CancelOptions = Record<never, never>;

type Input = PlanInput<CancelOptions>;

const needs = {
  required: ['set', 'pods', 'claims', 'stored'],
  advisory: ['services', 'sets', 'hpas', 'scaledObjects', 'quotas', 'volumes', 'namespace'],
} as const;

/**
 * `cancel NAME`: the way back from a half-done operation (product, section 3), which that operation itself knows.
 * @param backOf the way back of an operation, by its id
 */
export function cancelBy(backOf: (id: string) => WayBack | undefined): Operation<CancelOptions> {
  const wayOf = ({ resume }: BackInput): WayBack => {
    const id = cancelledBy(resume.record, resume.archive);
    // A record of version 0.1 whose archive is lost says no more than what to put back.
    const back = id === CANCEL ? putBack : backOf(id);
    if (back === undefined) throw new CannotError(`${id} cannot be cancelled: it has no way back`);
    return back;
  };
  return {
    id: CANCEL,
    options: Type.Object({}),
    subject: 'statefulsets',
    journal: 'record',
    archive: 'given',
    writes: [
      { resource: 'statefulsets', verbs: ['create', 'patch', 'delete'] },
      { resource: 'pods', verbs: ['delete'] },
      { resource: 'services', verbs: ['create'] },
    ],
    goesBack: true,
    needs,
    spares: sparedByCancel,
    consent: cancelConsent,
    intent: (input) => wayOf(opened(input)).intent(opened(input)),
    // Without an operation there is nothing to judge; the intent says so.
    rules: (input) => (input.resume === undefined ? [] : wayOf(opened(input)).rules(opened(input))),
    plan: (input, intent, findings) => wayOf(opened(input)).plan(opened(input), intent, findings),
    done: ({ target }) => `StatefulSet ${target.name}: the operation is cancelled`,
    table: [
      { operation: CANCEL, consent: cancelConsent, needs, rules: goingBackRules, owned: OWNED_SLICES },
      { operation: `${CANCEL} (set gone)`, consent: { kind: cancelConsent.kind }, needs, rules: recreatingRules },
    ],
  };
}

/** @throws CannotError when there is nothing to go back from */
function opened(input: Input): BackInput {
  const { resume, snapshot } = input;
  if (resume !== undefined) return { ...input, resume };
  const { target } = snapshot;
  throw new CannotError(
    `no operation is open on StatefulSet ${target.name} in namespace ${target.namespace}`,
    commandLine({ do: 'operation', operation: 'operations', options: {} }, placeOf(snapshot)),
  );
}

/**
 * A record on the set that says it is all there is needs no Secret; claims matter where members leave, or come back to a
 * set that has to be created.
 */
function sparedByCancel({ snapshot, open }: Look<CancelOptions>): readonly SliceName[] {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read' || open === undefined) return [];
  const { onlyFile, putBack } = open;
  const leaves = putBack.replicas === undefined || replicasOf(set.value) > putBack.replicas;
  return [...(onlyFile === true ? (['stored'] as const) : []), ...(leaves ? [] : (['claims'] as const))];
}
