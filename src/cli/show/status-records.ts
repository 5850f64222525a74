import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { RECORD_ANNOTATION } from '../../domain/stored.ts';
import type { OpenRecordOf } from '../../inspect/status/look.ts';

/**
 * The open records of sets that are looked at. Nearly every set has none, and what reads one (its schema, every operation) takes
 * about 35 ms to load, half as long as all of `kubectl get`: so that is loaded for the first set that has one.
 */
export class StatusRecords {
  #openRecord: OpenRecordOf | undefined;

  /** To be awaited before these sets are judged; without any, before whatever is seen later is. */
  readonly prepare = async (snapshots?: readonly Snapshot[]): Promise<void> => {
    if (snapshots === undefined || snapshots.some(hasRecord)) this.#openRecord ??= (await import('../look-ports.ts')).openRecordOn;
  };

  readonly of: OpenRecordOf = (snapshot) => {
    if (!hasRecord(snapshot)) return undefined;
    if (this.#openRecord === undefined) throw new Error('a record is looked at before it can be read');
    return this.#openRecord(snapshot);
  };
}

function hasRecord(snapshot: Snapshot): boolean {
  const set = sliceOf(snapshot, 'set');
  const stored = sliceOf(snapshot, 'stored');
  const isOnSet = set.state === 'read' && set.value.metadata.annotations?.[RECORD_ANNOTATION] !== undefined;
  return isOnSet || (stored.state === 'read' && stored.value.record !== undefined);
}
