import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, FoundRecord } from '../domain/stored.ts';
import { operationNamed } from '../operations/registry.ts';
import { recordOnSet } from '../record/codec.ts';
import type { Carried } from '../record/keeper.ts';

/** What of ours is open about a set: the record that counts, and the texts on both carriers. */
export interface OpenRecord {
  readonly found: FoundRecord;
  readonly carried: Carried;
}

/**
 * The open record of a set. Around the set's deletion both carriers hold one of the same operation, and the index has
 * the newer, unless a cancel has begun on the set; otherwise a live set's own record counts.
 */
export function openRecord(snapshot: Snapshot): OpenRecord | undefined {
  const set = sliceOf(snapshot, 'set');
  const stored = sliceOf(snapshot, 'stored');
  const onSet = set.state === 'read' ? recordOnSet(set.value) : undefined;
  const onIndex = stored.state === 'read' ? stored.value.record : undefined;
  const counts = newer(onSet, onIndex);
  if (counts === undefined) return undefined;
  const found = ofThisVersion(counts);
  return {
    found,
    carried: { ...(onSet === undefined ? {} : { set: onSet.raw }), ...(onIndex === undefined ? {} : { index: onIndex.raw }) },
  };
}

/** An operation that this version does not have is one of a newer version: nobody here knows what it promises. */
function ofThisVersion(found: FoundRecord): FoundRecord {
  if (found.state === 'damaged' || operationNamed(found.record.kind) !== undefined) return found;
  const { carrier, raw, record } = found;
  return {
    state: 'damaged',
    carrier,
    raw,
    message: `it is of the operation ${JSON.stringify(record.kind)}, which this version does not have`,
  };
}

function newer(onSet: FoundRecord | undefined, onIndex: FoundRecord | undefined): FoundRecord | undefined {
  if (onSet === undefined || onIndex === undefined) return onIndex ?? onSet;
  if (onSet.state !== 'valid' || onIndex.state !== 'valid' || onSet.record.id !== onIndex.record.id) return onSet;
  return operationNamed(onSet.record.kind)?.goesBack === true ? onSet : onIndex;
}

/** A record copied onto another object (by a tool that re-created the set from its YAML) is not about this set. */
export function isAbout(set: StatefulSet, { manifest }: Pick<Archive, 'manifest'>): boolean {
  return set.metadata.uid === (manifest['metadata'] as { readonly uid: string }).uid;
}
