import { isDeepStrictEqual } from 'node:util';
import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { changedInSpec } from '../domain/spec-difference.ts';
import type { FieldChange, Write } from '../plan/action.ts';
import { recordOnSet } from '../record/codec.ts';
import type { RecordKeeper } from '../record/keeper.ts';
import { fieldName, valueAt } from '../record/set-patch.ts';

/**
 * Notices, while a step waits, that somebody else changed what we are working on: then we stop and say so (principle 2),
 * instead of waiting for what will not come. A watch may lag behind our own writes, so older records of ours are no news.
 */
export class ForeignChanges {
  readonly #keeper: RecordKeeper;
  #seen = false;
  #fields: readonly FieldChange[] = [];
  readonly #archived: boolean;
  #first: StatefulSet | undefined;
  #compared: number | undefined;

  /** @param archived the operation removes the set, and its archive must be of the set that it removes */
  constructor(keeper: RecordKeeper, archived: boolean) {
    this.#keeper = keeper;
    this.#archived = archived;
  }

  /**
   * From our next record on, the set's fields are as this write leaves them.
   * @param fresh what it rests on: for an archive, the set that it holds
   */
  expect(write: Write, fresh: Snapshot): void {
    const set = sliceOf(fresh, 'set');
    if (write.kind === 'save-archive' && set.state === 'read') this.#first = set.value;
    this.#fields = write.kind === 'change-set' ? write.changes : [];
  }

  /** @throws ChangedError */
  check(snapshot: Snapshot): void {
    const carried = this.#keeper.carried.set;
    if (carried === undefined || this.#keeper.carried.index !== undefined) return;
    const set = sliceOf(snapshot, 'set');
    if (set.state === 'absent' && this.#seen) throw new ChangedError(`StatefulSet ${snapshot.target.name} was deleted by somebody else`);
    if (set.state === 'read') this.#checkSet(set.value, carried);
  }

  #checkSet(set: StatefulSet, carried: string): void {
    const raw = recordOnSet(set)?.raw;
    const name = set.metadata.name;
    if (raw !== undefined && !this.#keeper.wasOurs(raw)) throw new ChangedError(`somebody else took StatefulSet ${name} over`);
    if (raw === undefined && this.#seen) throw new ChangedError(`our record was taken off StatefulSet ${name} by somebody else`);
    if (raw !== undefined) this.#seen = true;
    if (raw === carried) this.#checkFields(set, name);
    if (raw !== undefined && this.#archived) this.#checkSpec(set, name);
  }

  /** Only on a set that shows our newest record: an older look shows older fields. */
  #checkFields(set: StatefulSet, name: string): void {
    if (set.metadata.deletionTimestamp !== undefined) throw new ChangedError(`StatefulSet ${name} is being deleted by somebody else`);
    for (const { path, to } of this.#fields) {
      const now = valueAt(set, path);
      if (isDeepStrictEqual(now, to)) continue;
      throw new ChangedError(`${fieldName(path)} of StatefulSet ${name} is ${JSON.stringify(now)}, we had set ${JSON.stringify(to)}`);
    }
  }

  #checkSpec(set: StatefulSet, name: string): void {
    const { generation } = set.metadata;
    // Asked at every event; spec changes with its generation alone.
    if (generation !== undefined && generation === this.#compared) return;
    this.#compared = generation;
    this.#first ??= set;
    const [path] = changedInSpec(this.#first, set);
    if (path !== undefined) throw new ChangedError(`${path} of StatefulSet ${name} was changed by somebody else after it was archived`);
  }
}
