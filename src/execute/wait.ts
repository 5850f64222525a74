import type { Clock } from '../domain/clock.ts';
import { ChangedError, StoppedError } from '../domain/errors.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { Condition } from '../plan/condition.ts';
import type { Step } from '../plan/plan.ts';
import { CreationEvents } from './creation-events.ts';
import { deleteLeftAlone } from './delete.ts';
import type { ForeignChanges } from './foreign.ts';
import { judge } from './judge/judge.ts';
import type { Judgement } from './judge/judgement.ts';
import type { NamespaceWatch } from './namespace-watch.ts';
import type { ExecutePorts } from './ports.ts';

/** One for all looks: an abort without a reason makes a new error each time, with its stack, and there are ten looks a member. */
const LOOKED = new Error('looked');

/** A note about a wait is worth a fresh look this often although nothing happened: grace periods count down. */
const NOTE_EVERY_MS = 1000;

/** First condition that does not hold, or undefined when all do. */
export function firstUnmet(conditions: readonly Condition[], snapshot: Snapshot): Judgement | undefined {
  return conditions.map((condition) => judge(condition, snapshot)).find(({ holds }) => !holds);
}

/** What else is looked at, at every look. */
export interface Noticing {
  readonly foreign: ForeignChanges;
  readonly namespace: NamespaceWatch;
  /** Told after the first look that something has moved: whatever is in no hurry. */
  readonly onMove: () => void;
}

/**
 * Waits by watch until the step's conditions hold; deletes the condemned Pod itself where the controller will not.
 * @throws StoppedError when stopped, out of time, or waiting for what only another client can bring about; ChangedError when somebody else changed the set meanwhile
 */
export async function waitFor(step: Step, ports: ExecutePorts, { foreign, namespace, onMove }: Noticing): Promise<void> {
  const deadline = ports.clock.now() + step.timeoutMs;
  const helped = new Set<string>();
  let noted = '';
  const patience = new HeldPatience(ports.clock);
  const events = new CreationEvents(ports);
  const again = new Rereading(ports);
  for (;;) {
    const snapshot = ports.world.current();
    foreign.check(snapshot);
    throwIfBroken(step, snapshot);
    await namespace.check(step, snapshot);
    const unmet = firstUnmet(step.verify, snapshot);
    if (unmet === undefined || isOver(step, snapshot)) return;
    if (unmet.note !== noted) ports.sink.emit({ type: 'step-note', id: step.id, message: unmet.note, at: snapshot.now });
    noted = unmet.note;
    await fallBack(step, snapshot, ports, helped);
    throwIfStopped(step, ports, deadline, unmet.note);
    patience.look(unmet);
    events.look(snapshot);
    await nextLook(ports, Math.min(deadline - ports.clock.now(), unmet.dueInMs ?? NOTE_EVERY_MS));
    onMove();
    await again.look(step);
  }
}

/** Something that a step rests on while it waits has ended: its other write is due. */
export class BrokenError extends ChangedError {}

function throwIfBroken({ meanwhile }: Step, snapshot: Snapshot): void {
  if (meanwhile === undefined) return;
  const { holds, note } = judge(meanwhile.condition, snapshot);
  if (!holds) throw new BrokenError(note);
}

/** What no watch follows is read again as often as a note is worth it. */
class Rereading {
  readonly #ports: ExecutePorts;
  #last: number;

  constructor(ports: ExecutePorts) {
    this.#ports = ports;
    this.#last = ports.clock.now();
  }

  async look({ rereads = [] }: Step): Promise<void> {
    const now = this.#ports.clock.now();
    if (rereads.length === 0 || now - this.#last < NOTE_EVERY_MS) return;
    this.#last = now;
    await this.#ports.world.reread(rereads);
  }
}

function isOver({ unless }: Step, snapshot: Snapshot): boolean {
  return unless !== undefined && judge(unless, snapshot).holds;
}

/** How long finalizers of others have held the same objects, unchanged. */
class HeldPatience {
  readonly #clock: Clock;
  #as: string | undefined;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws StoppedError when nobody has removed them, or changed what they hold, for too long */
  look({ held, note }: Judgement): void {
    const now = this.#clock.now();
    if (held?.as !== this.#as) this.#since = now;
    this.#as = held?.as;
    if (held !== undefined && now - this.#since >= held.patienceMs) throw new StoppedError('hopeless', note);
  }
}

/** The step's fallback, once for each object: the controller may act in the same moment. */
async function fallBack({ id, fallback }: Step, snapshot: Snapshot, ports: ExecutePorts, helped: Set<string>): Promise<void> {
  if (fallback === undefined || !judge(fallback.when, snapshot).holds) return;
  const { name } = fallback.delete;
  const pod = listOf(snapshot, 'pods').find(({ metadata }) => metadata.name === name);
  if (pod === undefined || helped.has(pod.metadata.uid)) return;
  helped.add(pod.metadata.uid);
  const message = `the controller waits for other members; deleting ${name} ourselves`;
  ports.sink.emit({ type: 'step-note', id, message, at: snapshot.now });
  await deleteLeftAlone(fallback.delete, pod, ports);
}

function throwIfStopped(step: Step, ports: ExecutePorts, deadline: number, note: string): void {
  if (ports.stop.aborted) throw stopReason(ports.stop);
  if (ports.clock.now() >= deadline)
    throw new StoppedError('timeout', `step ${step.id} (${step.title}) did not end within ${Math.round(step.timeoutMs / 1000)}s: ${note}`);
}

export function stopReason(stop: AbortSignal): StoppedError {
  return stop.reason instanceof StoppedError ? stop.reason : new StoppedError('terminate', 'stopped');
}

/** Whatever comes first: a change, the stop, or the time for the next look. Leaves no timer and no listener behind. */
export async function nextLook(ports: ExecutePorts, ms: number): Promise<void> {
  const over = new AbortController();
  const stop = (): void => over.abort(LOOKED);
  ports.stop.addEventListener('abort', stop, { once: true });
  const quietly = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => (over.signal.aborted ? undefined : Promise.reject(error)));
  try {
    await Promise.race([quietly(ports.world.changed(over.signal)), quietly(ports.clock.sleep(Math.max(1, ms), over.signal))]);
  } finally {
    ports.stop.removeEventListener('abort', stop);
    over.abort(LOOKED);
  }
}
