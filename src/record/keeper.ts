import { ApiError, ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type ObjectRef, pathOf } from '../domain/object-ref.ts';
import { subjectOf, type Target } from '../domain/snapshot.ts';
import { type Archive, type ArchiveEntry, type OperationRecord, RECORD_ANNOTATION } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import type { FieldChange } from '../plan/action.ts';
import { encodeRecord, HEARTBEAT_ANNOTATION, recordLabel } from './codec.ts';
import { guardedWrite, type Patience } from './guarded.ts';
import { IndexCarrier, type SeenIndex } from './index-carrier.ts';
import { heartbeatPatch, isChanged, objectPatch, type RecordChange } from './object-patch.ts';

/**
 * What our record says where, as text: the next write tests exactly this. Both carry one only around the deletion of the
 * set, when the index has the newer.
 */
export interface Carried {
  readonly set?: string;
  readonly index?: string;
}

export interface KeeperPorts extends Patience {
  readonly verbs: ApiVerbs;
  /** Server's time, milliseconds since the epoch. */
  readonly serverNow: () => number;
}

/**
 * Carries the record of one operation and makes every write of it: each one tests the record's previous text, so two
 * operators never interleave (product, section 2). One write at a time; the heartbeat waits its turn.
 */
export class RecordKeeper {
  readonly #ports: KeeperPorts;
  readonly #target: Target;
  readonly #index: IndexCarrier;
  #carried: Carried;
  /** Around the deletion the index carries the newer; on the way back from there, the set does. */
  #newest: 'set' | 'index' = 'index';
  readonly #history = new Set<string>();
  /** A heartbeat may stand on the set. */
  #beaten = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** Set once any write other than the archive may have reached the server. */
  #wrote = false;
  #written: StatefulSet | undefined;

  /** @param seen the index Secret as the plan saw it, where it could be read */
  constructor(ports: KeeperPorts, target: Target, carried: Carried, seen?: SeenIndex) {
    this.#ports = ports;
    this.#target = target;
    this.#index = new IndexCarrier(ports, target, seen);
    this.#carried = {};
    this.#carry(carried);
  }

  get carried(): Carried {
    return this.#carried;
  }

  /** Whether this text was ever our record on the set: a watch may show an older one of ours for a moment. */
  wasOurs(raw: string): boolean {
    return this.#history.has(raw);
  }

  #carry(carried: Carried): void {
    this.#carried = carried;
    if (carried.set !== undefined) this.#history.add(carried.set);
  }

  /** Runs a write that must not meet a heartbeat (the set's DELETE: a heartbeat bumps its resourceVersion). */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(work);
  }

  /** The set as the server answered our last write to it. */
  get written(): StatefulSet | undefined {
    return this.#written;
  }

  /** Whether the world may have changed by us: from then on every failure is exit 4. */
  get wrote(): boolean {
    return this.#wrote;
  }

  /** Sends a write that is not the keeper's own (Pods, claims, the set's creation), and counts it unless it cannot have happened. */
  async write<T>(send: () => Promise<T>): Promise<T> {
    try {
      const result = await send();
      this.#wrote = true;
      return result;
    } catch (error) {
      // What the server rejected, or never got, is no change.
      if (!(error instanceof ApiError) || error.sent === 'unanswered') this.#wrote = true;
      throw error;
    }
  }

  /**
   * Changes fields of the set and the record on it in one atomic patch.
   * @param fresh the set as read a moment ago, to save a request
   */
  changeSet(uid: string, changes: readonly FieldChange[], next: OperationRecord, fresh?: StatefulSet): Promise<void> {
    return this.#patchSet(uid, changes, { to: encodeRecord(next), label: recordLabel(next.kind) }, { fresh });
  }

  /**
   * Removes the record from the set: the last patch of an operation.
   * @param also what else is part of that patch, made of the set as it is then
   */
  closeOnSet(uid: string, fresh: StatefulSet | undefined, also?: (set: StatefulSet) => readonly JsonPatchOp[]): Promise<void> {
    return this.#patchSet(uid, [], { to: undefined }, { fresh, also });
  }

  #patchSet(
    uid: string,
    changes: readonly FieldChange[],
    next: Omit<RecordChange, 'from'>,
    { fresh, also }: { fresh: StatefulSet | undefined; also?: ((set: StatefulSet) => readonly JsonPatchOp[]) | undefined },
  ): Promise<void> {
    return this.#inTurn(async () => {
      const { to } = next;
      const record = { from: this.#carried.set, ...next };
      if (to !== undefined) this.#history.add(to);
      await guardedWrite(this.#ports, async (tries) => {
        const set = tries === 1 && fresh !== undefined && !this.#hasMissedBeat(fresh, to) ? fresh : await this.#readSet();
        if (isChanged(set, uid, changes, record) && tries > 1) {
          this.#written = set;
          return;
        }
        const ops = [...objectPatch(set, { ref: this.#subject, uid }, changes, record), ...(also?.(set) ?? [])];
        this.#written = (await this.write(() => this.#ports.verbs.jsonPatch(this.#setPath(), ops))) as unknown as StatefulSet;
      });
      this.#newest = to === undefined ? 'index' : 'set';
      const { index } = this.#carried;
      this.#carry({ ...(to === undefined ? {} : { set: to }), ...(index === undefined ? {} : { index }) });
    });
  }

  /** The first heartbeat came after that look: whoever takes the record off must see it, to take it off too. */
  #hasMissedBeat({ metadata: { annotations } }: StatefulSet, to: string | undefined): boolean {
    return to === undefined && this.#beaten && annotations?.[HEARTBEAT_ANNOTATION] === undefined;
  }

  /**
   * Changes fields of a set that carries no record: one that we created, while the index carries ours.
   * @param fresh the set that the change was judged on: with another spec, its template too may be another one
   * @throws ChangedError when its spec has been changed since
   */
  changeFields(uid: string, changes: readonly FieldChange[], fresh: StatefulSet): Promise<void> {
    const none = { from: undefined, to: undefined };
    return this.#inTurn(() =>
      guardedWrite(this.#ports, async (tries) => {
        const set = tries === 1 ? fresh : await this.#readSet();
        if (isChanged(set, uid, changes, none)) return;
        const patch = objectPatch(set, { ref: this.#subject, uid }, changes, none);
        if (set.metadata.generation !== fresh.metadata.generation)
          throw new ChangedError(`the spec of StatefulSet ${this.#target.name} was changed by another client`);
        await this.write(() => this.#ports.verbs.jsonPatch(this.#setPath(), patch));
      }),
    );
  }

  /** Writes the record to the index Secret (the set is about to go, or is not there yet), unless that says so already. */
  recordOnIndex(next: OperationRecord): Promise<void> {
    const raw = encodeRecord(next);
    return this.#inTurn(async () => {
      if (raw === this.#carried.index && this.#newest === 'index') return;
      await this.#index.change((entries) => ({ entries, record: raw }), this.#carried.index, raw);
      this.#newest = 'index';
      this.#carry({ ...this.#carried, index: raw });
    });
  }

  /** Takes the record off the index; `edit` may mark the archive, e.g. as one whose set was deleted. */
  closeOnIndex(edit: (entries: readonly ArchiveEntry[]) => readonly ArchiveEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#index.change((entries) => ({ entries: edit(entries), record: null, heartbeat: null }), this.#carried.index, undefined);
      const { set } = this.#carried;
      this.#carry(set === undefined ? {} : { set });
    });
  }

  /** Our newest record, and where it is: where both carry one, the one that was written last. */
  get newest(): string | undefined {
    const { set, index } = this.#carried;
    return (this.#newest === 'set' ? set : index) ?? index ?? set;
  }

  /** Writes this record over ours, wherever the newest of ours is. */
  leave(next: OperationRecord): Promise<void> {
    const { set, index } = this.#carried;
    if (index !== undefined && (this.#newest === 'index' || set === undefined)) return this.recordOnIndex(next);
    return this.#inTurn(() => this.#readSet()).then((set) => this.changeSet(set.metadata.uid, [], next, set));
  }

  /** The set is gone, and the record on it. */
  forgetSet(): void {
    const { index } = this.#carried;
    this.#carry(index === undefined ? {} : { index });
  }

  /**
   * Enters the archive in the index, then creates it: an entry without its Secret is harmless, a Secret that no index
   * lists would block its number for ever. Not yet a change to anything that is the user's.
   */
  saveArchive(archive: Archive, entry: ArchiveEntry): Promise<void> {
    return this.#inTurn(async () => {
      await this.#index.saveArchive(archive, entry, this.#carried.index);
    });
  }

  /** One heartbeat. A failed one is no decision: the next write's guard tells what happened. */
  beat(): Promise<void> {
    return this.#inTurn(async () => {
      const at = new Date(this.#ports.serverNow()).toISOString();
      try {
        const { set, index } = this.#carried;
        if (index !== undefined) await this.#index.beat(at, index);
        else if (set !== undefined) {
          this.#beaten = true;
          await this.#ports.verbs.jsonPatch(this.#setPath(), heartbeatPatch(set, at));
        }
      } catch {
        // Credentials that cannot be renewed fail here too: whatever it is, the next write meets it, and ends what it must.
      }
    });
  }

  /**
   * Asks the server whether the record is still ours: before a write to another object is tried again, since whoever took
   * over touched that object to make us look.
   * @throws ChangedError when it is not
   */
  async assertOurs(): Promise<void> {
    const { set, index } = this.#carried;
    if (index !== undefined) return await this.#index.assertCarries(index);
    if (set === undefined) return;
    if ((await this.#readSet()).metadata.annotations?.[RECORD_ANNOTATION] !== set)
      throw new ChangedError(`another client took StatefulSet ${this.#target.name} over`);
  }

  /** Waits until no write is under way. */
  settled(): Promise<void> {
    return this.#inTurn(() => Promise.resolve());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work, work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #readSet(): Promise<StatefulSet> {
    const set = await this.#ports.verbs.get(this.#setPath());
    if (set === undefined) throw new ChangedError(`StatefulSet ${this.#target.name} was deleted by another client`);
    return set as unknown as StatefulSet;
  }

  get #subject(): ObjectRef {
    return subjectOf(this.#target);
  }

  #setPath(): string {
    return pathOf(this.#subject);
  }
}
