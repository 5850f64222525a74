import type { ClusterReader } from '../cluster/api.ts';
import { CannotError, ChangedError } from '../domain/errors.ts';
import { terminatingNamespace } from '../domain/namespace.ts';
import type { Reading } from '../domain/reading.ts';
import { type SliceName, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { judge } from '../execute/judge/judge.ts';
import type { ExecutePorts } from '../execute/ports.ts';
import { SETTLE_MS, watchWhile } from '../execute/settle-watch.ts';
import { type Condition, isOfVolume } from '../plan/condition.ts';
import type { Plan } from '../plan/plan.ts';
import { provedBy } from './followed.ts';
import { createdInWords, type Statement, statementsOf } from './verified.ts';

/** How long a server that does not answer is waited for. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1000;

/** What the last look found: sentences that were true on it, or what is not as the plan left it. */
export type FinalLook = { readonly verified: readonly string[] } | { readonly error: ChangedError };

/**
 * Watches the world for a second after the last step, reads it once more, and says what is true on that read. An exit code of
 * 0 says nothing that it does not (principle 4).
 */
export async function lookFinally(plan: Plan, ports: ExecutePorts, reader: ClusterReader): Promise<FinalLook> {
  const statements = statementsOf(plan, ports.world.current());
  const isOfVolumes = statements.some(({ condition }) => isOfVolume(condition));
  const evidence: readonly SliceName[] = isOfVolumes ? [...provedBy(plan.target), 'followedVolumes'] : provedBy(plan.target);
  const end = ports.clock.now() + SETTLE_MS;
  for (;;) {
    await watchWhile((now) => untrue(statements, now) === undefined, end, ports);
    const seen = await readAnew(plan, evidence, ports, reader);
    if (seen instanceof CannotError) return { error: new ChangedError(`the result could not be verified: ${seen.message}`) };
    // What belongs to no namespace outlives it.
    const isOutlived = statements.length > 0 && statements.every(({ condition }) => isOfVolume(condition));
    const note = (isOutlived ? undefined : endOf(seen)) ?? untrue(statements, seen);
    if (note !== undefined) return { error: new ChangedError(note) };
    // Else a watch was behind what had been read, and there is time left.
    if (ports.stop.aborted || ports.clock.now() >= end) return { verified: inWords(statements, plan, seen) };
  }
}

/** Everything that is said of it will be false in a moment. */
function endOf(seen: Snapshot): string | undefined {
  const name = terminatingNamespace(seen)?.metadata.name;
  return name === undefined ? undefined : `namespace ${name} is Terminating`;
}

function inWords(statements: readonly Statement[], plan: Plan, seen: Snapshot): readonly string[] {
  return [...statements.flatMap(({ says }) => says(seen)), ...createdInWords(plan, seen)];
}

/** Why the first statement that does not hold does not, and what that means. */
function untrue(statements: readonly Statement[], seen: Snapshot): string | undefined {
  for (const { condition } of statements) {
    const { holds, note } = judge(condition, seen);
    if (!holds) return [condition.is === 'set-absent' ? comebackInWords(seen) : note, ...(MEANING[condition.is] ?? [])].join('; ');
  }
  return undefined;
}

/** Whoever wrote to it first has made it, where the server says so. */
function comebackInWords(seen: Snapshot): string {
  const set = sliceOf(seen, 'set');
  if (set.state === 'unknown') return set.message;
  const writers =
    set.state === 'read' ? (set.value.metadata.managedFields ?? []).filter(({ subresource }) => subresource === undefined) : [];
  const by = writers[0]?.manager === undefined ? '' : ` (field manager ${writers[0].manager})`;
  return `another client created StatefulSet ${seen.target.name} again${by}`;
}

const MEANING: Partial<Record<Condition['is'], readonly string[]>> = {
  'set-absent': ['it uses the PVCs that remain. Stop whatever manages it (a GitOps tool, an operator, a script) first, or it comes back'],
  'set-unchanged': ['find out what else manages it (an autoscaler, a GitOps tool, an operator) before you change it again'],
  'pods-unchanged': ['its events show who deleted it (kubectl get events)'],
  'claims-unchanged': ['its data is lost unless its PV is retained'],
  'claims-outlast': ['its data is lost unless its PV is retained'],
};

async function readAnew(
  { target }: Plan,
  evidence: readonly SliceName[],
  { clock, stop }: ExecutePorts,
  reader: ClusterReader,
): Promise<Snapshot | CannotError> {
  const deadline = clock.now() + PATIENCE_MS;
  for (;;) {
    const seen = await reader.read(evidence, target).catch(cannot);
    if (isWhole(seen) || stop.aborted || clock.now() >= deadline) return seen;
    await clock.sleep(PAUSE_MS, stop).catch(() => undefined);
  }
}

function cannot(error: unknown): CannotError {
  if (error instanceof CannotError) return error;
  throw error;
}

/** Nothing of it will be known better by asking again. */
function isWhole(seen: Snapshot | CannotError): boolean {
  if (seen instanceof CannotError) return false;
  return Object.values(seen.slices).every((reading: Reading<unknown>) => reading.state !== 'unknown' || reading.why === 'forbidden');
}
