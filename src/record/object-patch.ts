import { isDeepStrictEqual } from 'node:util';
import { ChangedError } from '../domain/errors.ts';
import type { Json, KubeObject } from '../domain/kube.ts';
import { describe } from '../domain/object-ref.ts';
import { RECORD_ANNOTATION, RECORD_LABEL } from '../domain/stored.ts';
import type { JsonPatchOp } from '../domain/verbs.ts';
import { pointer } from '../domain/verbs.ts';
import { lostFields } from '../manifest/difference.ts';
import type { FieldChange, FieldValue, ListEdit, Written } from '../plan/action.ts';
import { HEARTBEAT_ANNOTATION } from './codec.ts';

/** What our annotation is now and what it shall be; undefined means not there. */
export interface RecordChange {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The label beside it. */
  readonly label?: string;
}

const ANNOTATIONS = '/metadata/annotations';
const RECORD_PATH = `${ANNOTATIONS}${pointer(RECORD_ANNOTATION)}`;
const HEARTBEAT_PATH = `${ANNOTATIONS}${pointer(HEARTBEAT_ANNOTATION)}`;
const LABELS = '/metadata/labels';
const LABEL_PATH = `${LABELS}${pointer(RECORD_LABEL)}`;

/** The object that is patched, by UID. */
type Patched = Required<Written>;

/**
 * The one atomic JSON patch that changes fields of an object together with our record on it. Guards: uid, generation (which
 * ignores the controller's status writes), the record's previous text, each field's previous value; and the
 * resourceVersion where absence must be tested, which JSON patch cannot do, or where the object has no generation.
 *
 * @param present as read just now
 * @throws ChangedError when the object as read already is not what the change was planned on
 */
export function objectPatch(
  present: KubeObject,
  object: Patched,
  changes: readonly FieldChange[],
  record: RecordChange = { from: undefined, to: undefined },
): readonly JsonPatchOp[] {
  checkPlannedOn(present, object, changes, record);
  const { uid, generation, resourceVersion } = present.metadata;
  const testsAbsence = record.from === undefined || changes.some((change) => change.from === undefined);
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    ...(generation === undefined ? [] : [{ op: 'test', path: '/metadata/generation', value: generation } as const]),
    ...(testsAbsence || generation === undefined
      ? [{ op: 'test', path: '/metadata/resourceVersion', value: resourceVersion } as const]
      : []),
    ...recordOps(present, record),
    ...changes.flatMap(fieldOps),
  ];
}

/** Puts our record on the object with its label, changes it, or removes it with both its heartbeat and its label. */
export function recordOps({ metadata: { annotations, labels } }: KubeObject, { from, to, label }: RecordChange): readonly JsonPatchOp[] {
  const ops: JsonPatchOp[] = [];
  if (from !== undefined) ops.push({ op: 'test', path: RECORD_PATH, value: from });
  if (to !== undefined) {
    // `add` of a key fails when there is no map at all [X].
    if (annotations === undefined) ops.push({ op: 'add', path: ANNOTATIONS, value: {} });
    ops.push({ op: 'add', path: RECORD_PATH, value: to }, ...labelOps(labels, label));
  } else if (from !== undefined) {
    ops.push({ op: 'remove', path: RECORD_PATH });
    if (annotations?.[HEARTBEAT_ANNOTATION] !== undefined) ops.push({ op: 'remove', path: HEARTBEAT_PATH });
    if (labels?.[RECORD_LABEL] !== undefined) ops.push({ op: 'remove', path: LABEL_PATH });
  }
  return ops;
}

function labelOps(labels: Readonly<Record<string, string>> | undefined, value: string | undefined): readonly JsonPatchOp[] {
  if (value === undefined || labels?.[RECORD_LABEL] === value) return [];
  return [...(labels === undefined ? [{ op: 'add', path: LABELS, value: {} } as const] : []), { op: 'add', path: LABEL_PATH, value }];
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

function checkPlannedOn(present: KubeObject, { ref, uid }: Patched, changes: readonly FieldChange[], record: RecordChange): void {
  const what = describe(ref);
  if (present.metadata.uid !== uid)
    throw new ChangedError(`${what} was deleted and created again by another client (uid ${present.metadata.uid}, planned on ${uid})`);
  const written = present.metadata.annotations?.[RECORD_ANNOTATION];
  if (written !== record.from) {
    throw new ChangedError(
      written === undefined
        ? `the operation record on ${what} was removed by another client`
        : `the record on ${what} was changed by another client: ${written}`,
    );
  }
  for (const { path, from } of changes) {
    const now = valueAt(present, path);
    if (!isDeepStrictEqual(now, from)) throw new ChangedError(`${fieldName(path)} of ${what} is ${show(now)}, planned on ${show(from)}`);
  }
}

/** Whether what is stored is what was sent: the server may have added defaults to it (law 2). */
export function isAsSent(sent: Json | undefined, stored: Json | undefined): boolean {
  if (sent === undefined || stored === undefined) return sent === stored;
  return lostFields(sent, stored, '').length === 0;
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
export function isChanged(present: KubeObject, uid: string, changes: readonly FieldChange[], record?: RecordChange): boolean {
  return (
    present.metadata.uid === uid &&
    (record === undefined || present.metadata.annotations?.[RECORD_ANNOTATION] === record.to) &&
    changes.every(({ path, to }) => isAsSent(to, valueAt(present, path)))
  );
}

/**
 * What a list edit comes to on the object as it is now, with what it rests on as changes that change nothing.
 */
export function listChanges(present: KubeObject, { path, add, remove, values, tests }: ListEdit): readonly FieldChange[] {
  const from = valueAt(present, path);
  const items: readonly Json[] = Array.isArray(from) ? from : [];
  const kept = items.filter((item) => !remove.some((one) => isAsSent(one, item)));
  const added = add.filter((item) => !kept.some((one) => isAsSent(item, one)));
  const next = [...kept, ...added];
  return [
    ...tests.map(({ path: at, to }) => ({ path: at, from: to, to })),
    ...setting(present, values),
    ...(next.length === items.length && added.length === 0 ? [] : [{ path, from, to: next.length === 0 ? undefined : next }]),
  ];
}

/** Values whatever was there; `add` of a key fails when there is no map at all [X]. */
function setting(present: KubeObject, values: readonly FieldValue[]): readonly FieldChange[] {
  const mapOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const missing = new Set(values.map(({ path }) => mapOf(path)).filter((map) => valueAt(present, map) === undefined));
  const maps = [...missing].flatMap((path): readonly FieldChange[] => {
    const entries = values.filter((value) => value.to !== undefined && mapOf(value.path) === path);
    const to = Object.fromEntries(entries.map((value) => [keyOf(value.path), value.to as Json]));
    return entries.length === 0 ? [] : [{ path, from: undefined, to }];
  });
  const fields = values
    .filter(({ path }) => !missing.has(mapOf(path)))
    .map(({ path, to }) => ({ path, from: valueAt(present, path), to }))
    .filter(({ from, to }) => !isDeepStrictEqual(from, to));
  return [...maps, ...fields];
}

const keyOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
