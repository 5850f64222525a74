import type { StatefulSet } from '../domain/kube.ts';
import type { SliceName, Snapshot } from '../domain/snapshot.ts';
import type { Archive, Holder } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import type { EventSink } from '../plan/events.ts';
import type { Gate } from '../plan/gate.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Patience } from '../record/guarded.ts';
import type { RecordKeeper } from '../record/keeper.ts';
import type { Section } from './section.ts';

/** The world as the executor sees it; cluster's LiveSnapshot is one. */
export interface World {
  /** Newest known state, no request. */
  current(): Snapshot;
  /** Resolves at the next change since the last `current()`. */
  changed(signal?: AbortSignal): Promise<void>;
  /** A GET of the set merged with the watched lists (law 3). */
  fresh(signal?: AbortSignal): Promise<Snapshot>;
  /** Newest known state, no request, once no watch is known to be behind. */
  caughtUp(signal?: AbortSignal): Promise<Snapshot>;
  /** Reads slices that are not watched; `current` has them from then on. */
  reread(slices: readonly SliceName[]): Promise<void>;
}

/** One answer of a gate, and what came back in a few words. */
export type AskGate = (
  gate: Gate,
  about: { readonly pod: string; readonly container: string },
  signal: AbortSignal,
) => Promise<{ readonly holds: boolean; readonly said: string }>;

/** `stop` is the section's: aborted with a StoppedError by Ctrl-C, SIGTERM, or the operation's time-out. */
export interface ExecutePorts extends Patience {
  readonly world: World;
  /** When a stop takes effect. */
  readonly section: Section;
  readonly verbs: ApiVerbs;
  readonly keeper: RecordKeeper;
  readonly sink: EventSink;
  /** Server's time, milliseconds since the epoch. */
  readonly serverNow: () => number;
  /** Keeps a copy of the archive where the operator asked for one, before anything is changed. */
  readonly keepCopy: (archive: Archive) => Promise<void>;
  /** Asks a gate about a Pod, once. Rejects with the signal's reason when that aborts. */
  readonly askGate: AskGate;
  /** Warns of what is so to stay: the result says it again. */
  readonly tell: (message: string) => void;
  /**
   * What remains to do, on this look, of a plan that goes by what is there: its steps again, those that are done among them or
   * not. Undefined: as planned.
   * @throws ChangedError when what is there is no part of what was agreed to
   */
  readonly planAgain: (seen: Snapshot) => Pick<Plan, 'steps'> | undefined;
  /** A Kubernetes Event about a finished step; failures stop nothing. */
  readonly announce: (step: Step, set: StatefulSet | undefined) => void;
}

/** UID of the set that this operation has created, once it is known. */
export interface Created {
  uid?: string;
}

/** Who and what is executing: what every record says. */
export interface Execution {
  readonly id: string;
  readonly holder: Holder;
  /** The archive that a resumed operation or a restore goes by; a fresh one writes its own. */
  readonly archive?: Archive;
  /** Nothing of it is in a Secret, as the record that goes on says or the plan found out. */
  readonly onlyFile?: true;
  /** The set that it has created already, when it goes on. */
  readonly created?: string;
  readonly reason?: string;
}
