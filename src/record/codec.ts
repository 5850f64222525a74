import type { StatefulSet } from '../domain/kube.ts';
import type { FoundRecord, Holder, OperationName, OperationRecord, PutBack } from '../domain/stored.ts';

export const RECORD_ANNOTATION = 'sts-safe.dev/operation';
export const HEARTBEAT_ANNOTATION = 'sts-safe.dev/heartbeat';

/** All annotations of an object share 256 KiB; ours stays far below (product, section 2). */
export const RECORD_LIMIT_BYTES = 4096;

const KINDS: ReadonlySet<string> = new Set<OperationName>(['scale', 'delete', 'restore', 'cancel']);
const PHASES: ReadonlySet<string> = new Set(['running', 'stopped']);

/**
 * @returns compact JSON with a fixed field order, so that the same record always has the same text (it is tested as text)
 * @throws RangeError over 4 KiB: a bug, since nothing of variable size belongs in it
 */
export function encodeRecord(record: OperationRecord): string {
  const { schema, id, kind, phase, holder, cursor, digest, archive, putBack, asked, onlyFile, created, reason } = record;
  const text = JSON.stringify({ schema, id, kind, phase, holder, cursor, digest, archive, putBack, asked, onlyFile, created, reason });
  if (Buffer.byteLength(text) > RECORD_LIMIT_BYTES)
    throw new RangeError(`record of ${Buffer.byteLength(text)} bytes is over ${RECORD_LIMIT_BYTES}`);
  return text;
}

/** Reads a record's text. What is not exactly ours is damaged, with the reason; it is never repaired by guessing. */
export function decodeRecord(raw: string, carrier: 'set' | 'index', heartbeat?: string): FoundRecord {
  const damaged = (message: string): FoundRecord => ({ state: 'damaged', carrier, raw, message });
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return damaged('it is not JSON');
  }
  const problem = problemOf(value);
  if (problem !== undefined) return damaged(problem);
  return { state: 'valid', carrier, record: value as OperationRecord, raw, ...(heartbeat === undefined ? {} : { heartbeat }) };
}

function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'it is not an object';
  if (value['schema'] !== 1) return `its schema is ${JSON.stringify(value['schema'])}, this version knows 1`;
  const text = notText(value);
  if (text !== undefined) return `its field ${text} is not a string`;
  if (!KINDS.has(String(value['kind']))) return `its kind is ${JSON.stringify(value['kind'])}`;
  if (!PHASES.has(String(value['phase']))) return `its phase is ${JSON.stringify(value['phase'])}`;
  if (!isHolder(value['holder'])) return 'its holder is incomplete';
  if (!isPutBack(value['putBack'])) return 'its putBack is not readable';
  return isAsked(value['asked']) ? undefined : 'what it was asked for is not readable';
}

/** The first field that should be a string and is none. */
function notText(value: Record<string, unknown>): string | undefined {
  const needed = ['id', 'cursor', 'digest', 'archive'].find((field) => typeof value[field] !== 'string');
  return needed ?? ['created', 'reason'].find((field) => value[field] !== undefined && typeof value[field] !== 'string');
}

function isAsked(value: unknown): boolean {
  if (value === undefined) return true;
  return isObject(value) && isObject(value['options']) && Array.isArray(value['allowed']);
}

function isHolder(value: unknown): value is Holder {
  return (
    isObject(value) &&
    ['user', 'host', 'since'].every((field) => typeof value[field] === 'string') &&
    Number.isInteger(value['pid']) &&
    Number.isFinite(Date.parse(String(value['since'])))
  );
}

function isPutBack(value: unknown): value is PutBack {
  if (!isObject(value)) return false;
  const { replicas } = value;
  return replicas === undefined || (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The record on a live set. Copies in ControllerRevisions are never looked at: the controller makes them [X]. */
export function recordOnSet(set: StatefulSet): FoundRecord | undefined {
  const raw = set.metadata.annotations?.[RECORD_ANNOTATION];
  return raw === undefined ? undefined : decodeRecord(raw, 'set', set.metadata.annotations?.[HEARTBEAT_ANNOTATION]);
}
