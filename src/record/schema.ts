import Type, { type Static } from 'typebox';
import { type Resource, resources } from '../domain/object-ref.ts';
import type { OperationRecord } from '../domain/stored.ts';

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

const choice = Type.Enum(['Retain', 'Delete']);
const retention = Type.Object({ whenDeleted: Type.Optional(choice), whenScaled: Type.Optional(choice) });

const strategy = Type.Object({
  type: Type.Optional(Type.String()),
  rollingUpdate: Type.Optional(
    Type.Object({
      partition: Type.Optional(Type.Integer({ minimum: 0 })),
      maxUnavailable: Type.Optional(Type.Union([Type.Integer(), Type.String()])),
    }),
  ),
});

const holder = Type.Object({
  user: Type.String(),
  host: Type.String(),
  pid: Type.Integer(),
  since: Type.Refine(
    Type.String(),
    (text) => Number.isFinite(Date.parse(text)),
    () => 'must be a time',
  ),
});

/**
 * The record as it is stored: one schema decides what is written, what is read back, and what is damaged. A field of
 * OperationRecord that is not entered here does not compile (`sameShape`).
 */
export const recordSchema = Type.Object({
  schema: Type.Literal(1),
  id: Type.String(),
  // Which operations there are is the registry's to say (operate/open-record.ts): a newer version may know more.
  kind: Type.String(),
  cancels: Type.Optional(Type.String()),
  phase: Type.Enum(['running', 'stopped', 'paused']),
  holder,
  cursor: Type.String(),
  digest: Type.String(),
  archive: Type.String(),
  putBack: Type.Object({
    replicas: Type.Optional(Type.Integer({ minimum: 0 })),
    retention: Type.Optional(Type.Union([retention, Type.Null()])),
    strategy: Type.Optional(Type.Union([strategy, Type.Null()])),
  }),
  asked: Type.Optional(
    Type.Object({
      options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      allowed: Type.Array(Type.String()),
      archiveId: Type.Optional(Type.String()),
    }),
  ),
  onlyFile: Type.Optional(Type.Literal(true)),
  pending: Type.Optional(Type.Object({ resource: Type.Unsafe<Resource>(Type.Enum([...resources])), name: Type.String() })),
  left: Type.Optional(Type.Integer({ minimum: 0 })),
  created: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** Compiles only while the schema and the type say the same. */
const sameShape: Same<Static<typeof recordSchema>, Writable<OperationRecord>> = true;
export type RecordField = typeof sameShape extends true ? keyof OperationRecord : never;

/** In the order in which they are written: the record is tested as text. */
export const recordFields = Object.keys(recordSchema.properties) as readonly RecordField[];
