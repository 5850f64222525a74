import { isDeepStrictEqual } from 'node:util';
import { ChangedError } from '../domain/errors.ts';
import type { Json, StatefulSet } from '../domain/kube.ts';
import type { JsonPatchOp } from '../domain/verbs.ts';
import { pointer } from '../domain/verbs.ts';
import type { FieldChange } from '../plan/action.ts';
import { HEARTBEAT_ANNOTATION, RECORD_ANNOTATION } from './codec.ts';

/** What our annotation is now and what it shall be; undefined means not there. */
export interface RecordChange {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const ANNOTATIONS = '/metadata/annotations';
const RECORD_PATH = `${ANNOTATIONS}${pointer(RECORD_ANNOTATION)}`;
const HEARTBEAT_PATH = `${ANNOTATIONS}${pointer(HEARTBEAT_ANNOTATION)}`;

/**
 * The one atomic JSON patch that changes fields of the set together with our record. Guards: uid, generation (which
 * ignores the controller's status writes), the record's previous text, each field's previous value; and the
 * resourceVersion where absence must be tested, which JSON patch cannot do.
 *
 * @param set as read just now
 * @throws ChangedError when the set as read already is not what the change was planned on
 */
export function setPatch(set: StatefulSet, uid: string, changes: readonly FieldChange[], record: RecordChange): readonly JsonPatchOp[] {
  checkPlannedOn(set, uid, changes, record);
  const ops: JsonPatchOp[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/generation', value: set.metadata.generation ?? 0 },
  ];
  const testsAbsence = record.from === undefined || changes.some((change) => change.from === undefined);
  if (testsAbsence) ops.push({ op: 'test', path: '/metadata/resourceVersion', value: set.metadata.resourceVersion });
  return [...ops, ...recordOps(set, record), ...changes.flatMap(fieldOps)];
}

/** Puts our record on the set, changes it, or takes it off with its heartbeat. */
export function recordOps(set: StatefulSet, { from, to }: RecordChange): readonly JsonPatchOp[] {
  const ops: JsonPatchOp[] = [];
  if (from !== undefined) ops.push({ op: 'test', path: RECORD_PATH, value: from });
  if (to !== undefined) {
    // `add` of a key fails when there is no map at all [X].
    if (set.metadata.annotations === undefined) ops.push({ op: 'add', path: ANNOTATIONS, value: {} });
    ops.push({ op: 'add', path: RECORD_PATH, value: to });
  } else if (from !== undefined) {
    ops.push({ op: 'remove', path: RECORD_PATH });
    if (set.metadata.annotations?.[HEARTBEAT_ANNOTATION] !== undefined) ops.push({ op: 'remove', path: HEARTBEAT_PATH });
  }
  return ops;
}

function fieldOps({ path, from, to }: FieldChange): readonly JsonPatchOp[] {
  const test: readonly JsonPatchOp[] = from === undefined ? [] : [{ op: 'test', path, value: from }];
  // A field that shall stay as it is: only tested.
  if (isDeepStrictEqual(from, to)) return test;
  if (to === undefined) return from === undefined ? [] : [...test, { op: 'remove', path }];
  return [...test, { op: from === undefined ? 'add' : 'replace', path, value: to }];
}

/** The heartbeat is not part of what is tested, but it never beats on a record that is not ours any more. */
export function heartbeatPatch(record: string, at: string): readonly JsonPatchOp[] {
  return [
    { op: 'test', path: RECORD_PATH, value: record },
    { op: 'add', path: HEARTBEAT_PATH, value: at },
  ];
}

function checkPlannedOn(set: StatefulSet, uid: string, changes: readonly FieldChange[], record: RecordChange): void {
  const name = set.metadata.name;
  if (set.metadata.uid !== uid)
    throw new ChangedError(
      `StatefulSet ${name} was deleted and created again by somebody else (uid ${set.metadata.uid}, planned on ${uid})`,
    );
  const present = set.metadata.annotations?.[RECORD_ANNOTATION];
  if (present !== record.from) {
    throw new ChangedError(
      present === undefined
        ? `our record on StatefulSet ${name} was taken off by somebody else`
        : `the record on StatefulSet ${name} was changed by somebody else: ${present}`,
    );
  }
  for (const { path, from } of changes) {
    const now = valueAt(set, path);
    if (!isDeepStrictEqual(now, from))
      throw new ChangedError(`${fieldName(path)} of StatefulSet ${name} is ${show(now)}, planned on ${show(from)}`);
  }
}

/** `/spec/updateStrategy` as people write it. */
export const fieldName = (path: string): string =>
  path
    .slice(1)
    .replaceAll('/', '.')
    .replace(/^spec\./, '');
const show = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));

/** Value at a JSON pointer; undefined when any part of the way is missing. */
export function valueAt(object: unknown, path: string): Json | undefined {
  let value: unknown = object;
  for (const segment of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[segment.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value as Json | undefined;
}

/** Whether all changes are already as they shall be: how a lost answer is told from a write that never arrived. */
export function alreadyChanged(set: StatefulSet, uid: string, changes: readonly FieldChange[], record: RecordChange): boolean {
  return (
    set.metadata.uid === uid &&
    set.metadata.annotations?.[RECORD_ANNOTATION] === record.to &&
    changes.every((change) => isDeepStrictEqual(valueAt(set, change.path), change.to))
  );
}
