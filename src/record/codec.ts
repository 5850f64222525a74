import type { TLocalizedValidationError } from 'typebox/error';
import { Errors } from 'typebox/value';
import { isObject, type StatefulSet } from '../domain/kube.ts';
import { type FoundRecord, type OperationName, type OperationRecord, RECORD_ANNOTATION } from '../domain/stored.ts';
import { recordFields, recordSchema } from './schema.ts';

export const HEARTBEAT_ANNOTATION = 'sts-safe.dev/heartbeat';

/** All annotations of an object share 256 KiB; ours stays far below (product, section 2). */
export const RECORD_LIMIT_BYTES = 4096;

/**
 * @returns compact JSON with a fixed field order, so that the same record always has the same text (it is tested as text)
 * @throws RangeError over 4 KiB: a bug, since nothing of variable size belongs in it
 */
export function encodeRecord(record: OperationRecord): string {
  const text = JSON.stringify(Object.fromEntries(recordFields.map((field) => [field, record[field]])));
  if (Buffer.byteLength(text) > RECORD_LIMIT_BYTES)
    throw new RangeError(`record of ${Buffer.byteLength(text)} bytes is over ${RECORD_LIMIT_BYTES}`);
  return text;
}

/** The label's value: an operation's words, joined as a label may have them. */
export const recordLabel = (kind: OperationName): string => kind.replaceAll(' ', '-');

/** Reads a record's text. What is not exactly as written is damaged, with the reason; it is never repaired by guessing. */
export function decodeRecord(raw: string, carrier: 'set' | 'index', heartbeat?: string): FoundRecord {
  const damaged = (message: string): FoundRecord => ({ state: 'damaged', carrier, raw, message });
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return damaged('it is not JSON');
  }
  if (!isObject(value)) return damaged('it is not an object');
  if (value['schema'] !== 1) return damaged(`its schema is ${JSON.stringify(value['schema'])}, this version knows 1`);
  const [error] = Errors(recordSchema, value);
  if (error !== undefined) return damaged(`${fieldOf(error)} ${error.message}`);
  return { state: 'valid', carrier, record: value as unknown as OperationRecord, raw, ...(heartbeat === undefined ? {} : { heartbeat }) };
}

/** `its field holder.since`: the path of a JSON pointer as people write it. */
function fieldOf({ instancePath }: TLocalizedValidationError): string {
  return instancePath === '' ? 'it' : `its field ${instancePath.slice(1).replaceAll('/', '.')}`;
}

/** The record on a live set. Copies in ControllerRevisions are never looked at: the controller makes them [X]. */
export function recordOnSet(set: StatefulSet): FoundRecord | undefined {
  const raw = set.metadata.annotations?.[RECORD_ANNOTATION];
  return raw === undefined ? undefined : decodeRecord(raw, 'set', set.metadata.annotations?.[HEARTBEAT_ANNOTATION]);
}
