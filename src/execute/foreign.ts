import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { lastWriterOf } from '../domain/managers.ts';
import { replicasOf } from '../domain/naming.ts';
import { type Snapshot, sliceOf, subjectOf } from '../domain/snapshot.ts';
import { changedInSpec } from '../domain/spec-difference.ts';
import type { FoundRecord } from '../domain/stored.ts';
import { type FieldValue, fieldsWritten, isChangeOf, type Write } from '../plan/action.ts';
import { recordOnSet } from '../record/codec.ts';
import type { RecordKeeper } from '../record/keeper.ts';
import { fieldName, isAsSent, valueAt } from '../record/object-patch.ts';
import { throwIfAnother } from './patch.ts';
import type { Created } from './ports.ts';

/** What the set's spec is compared with. */
export interface Comparison {
  /** The set as it must stay; else as it is when the operation begins. */
  readonly first?: StatefulSet;
  /** For the sentence: "it was archived". */
  readonly since: string;
  /** All of its spec, as the server answered our last write. */
  readonly isWritten?: true;
}

/**
 * Notices, while a step waits, that somebody else changed what we are working on: then we stop and say so (principle 2),
 * instead of waiting for what will not come. A watch may lag behind our own writes, so older records of ours are no news.
 */
export class ForeignChanges {
  readonly #keeper: RecordKeeper;
  #seen = false;
  #fields: readonly FieldValue[] = [];
  readonly #created: Created;
  readonly #isGoingOn: boolean;
  readonly #comparison: Comparison | undefined;
  #first: StatefulSet | undefined;
  #compared: number | undefined;

  /**
   * @param created the set that this operation creates, once it has
   * @param comparison for an operation that rests on the set's spec being left alone
   */
  constructor(keeper: RecordKeeper, created: Created, comparison: Comparison | undefined) {
    this.#keeper = keeper;
    this.#created = created;
    this.#isGoingOn = created.uid !== undefined;
    this.#comparison = comparison;
    this.#first = comparison?.first;
  }

  /**
   * From our next record on, the set's fields are as this write leaves them.
   * @param fresh what it rests on: for an archive, the set that it holds
   */
  expect(write: Write, fresh: Snapshot): void {
    const set = sliceOf(fresh, 'set');
    if (this.#comparison !== undefined && write.verb === 'archive' && set.state === 'read') this.#first = set.value;
    this.#fields = isChangeOf(write, subjectOf(fresh.target)) ? fieldsWritten(write) : [];
  }

  /** @throws ChangedError */
  check(snapshot: Snapshot): void {
    const { set: carried, index } = this.#keeper.carried;
    const set = sliceOf(snapshot, 'set');
    if (set.state === 'read') this.#compare(set.value);
    if (index !== undefined) return this.#checkCreated(snapshot);
    if (carried === undefined) return;
    if (set.state === 'absent' && this.#seen) throw new ChangedError(`StatefulSet ${snapshot.target.name} was deleted by another client`);
    if (set.state === 'read') this.#checkSet(set.value, carried);
  }

  /** The record stands on the index: the set is the one that we created, or is not there by our own doing. */
  #checkCreated(snapshot: Snapshot): void {
    const { uid } = this.#created;
    const set = sliceOf(snapshot, 'set');
    if (uid === undefined) return;
    if (set.state === 'read') throwIfAnother(set.value, this.#created);
    if (set.state === 'absent' && (this.#seen || this.#isGoingOn))
      throw new ChangedError(`StatefulSet ${snapshot.target.name} was deleted by another client`);
    if (set.state === 'read') this.#seen = true;
  }

  #checkSet(set: StatefulSet, carried: string): void {
    const found = recordOnSet(set);
    const raw = found?.raw;
    const name = set.metadata.name;
    if (found !== undefined && !this.#keeper.wasOurs(found.raw)) throw new ChangedError(takenInWords(found, name));
    if (raw === undefined && this.#seen)
      throw new ChangedError(`the operation record was removed from StatefulSet ${name} by another client`);
    if (raw === carried) this.#checkFields(set, name);
    if (raw !== undefined) this.#seeOurs(set);
  }

  #seeOurs(set: StatefulSet): void {
    this.#seen = true;
    // What goes on without an archive to compare with begins with the first look.
    if (this.#comparison !== undefined) this.#first ??= set;
  }

  /** Only on a set that shows our newest record: an older look shows older fields. */
  #checkFields(set: StatefulSet, name: string): void {
    if (set.metadata.deletionTimestamp !== undefined) throw new ChangedError(`StatefulSet ${name} is being deleted by another client`);
    for (const { path, to } of this.#fields) {
      const now = valueAt(set, path);
      if (isAsSent(to, now)) continue;
      throw new ChangedError(`${fieldName(path)} of StatefulSet ${name} is ${JSON.stringify(now)}, we had set ${JSON.stringify(to)}`);
    }
  }

  #compare(set: StatefulSet): void {
    if (this.#comparison?.isWritten === true) this.#checkWritten(set);
    else if (set.metadata.uid === this.#first?.metadata.uid) this.#checkSpec(set);
  }

  /** A watch may show what was before our write: only a newer generation can be another client's. */
  #checkWritten(set: StatefulSet): void {
    const { written } = this.#keeper;
    const { generation = 0, name, uid } = set.metadata;
    if (written === undefined || uid !== written.metadata.uid) return;
    if (generation <= Math.max(written.metadata.generation ?? 0, this.#compared ?? 0)) return;
    this.#compared = generation;
    const paths = [...(replicasOf(set) === replicasOf(written) ? [] : ['spec.replicas']), ...changedInSpec(written, set)];
    if (paths.length > 0)
      throw new ChangedError(`${names(paths)} of StatefulSet ${name} was changed by another client${writerInWords(set)}`);
  }

  #checkSpec(set: StatefulSet): void {
    const { generation, name } = set.metadata;
    // Asked at every event; spec changes with its generation alone.
    if (generation !== undefined && generation === this.#compared) return;
    this.#compared = generation;
    const [path] = this.#first === undefined ? [] : changedInSpec(this.#first, set);
    if (path !== undefined)
      throw new ChangedError(`${path} of StatefulSet ${name} was changed by another client after ${this.#comparison?.since ?? ''}`);
  }
}

function takenInWords(found: FoundRecord, name: string): string {
  const isPaused = found.state === 'valid' && found.record.phase === 'paused';
  return isPaused ? `another client paused this operation on StatefulSet ${name}` : `another client took StatefulSet ${name} over`;
}

/** At most three of them. */
const names = (paths: readonly string[]): string =>
  paths.length <= 3 ? paths.join(', ') : `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more`;

function writerInWords(set: StatefulSet): string {
  const writer = lastWriterOf(set);
  return writer === undefined ? '' : ` (field manager ${writer})`;
}
