import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationRecord } from '../../../src/domain/stored.ts';
import { decodeRecord, encodeRecord } from '../../../src/record/codec.ts';

const record: OperationRecord = {
  schema: 1,
  id: 'op-1',
  kind: 'delete',
  phase: 'running',
  holder: { user: 'ann', host: 'desk', pid: 42, since: '2026-06-01T12:00:00Z' },
  cursor: 'scale-down/3',
  digest: '0123456789abcdef',
  archive: 'sts-safe.web.1',
  putBack: { replicas: 5, retention: { whenDeleted: 'Delete', whenScaled: 'Retain' } },
};

describe('the record', () => {
  it('comes back as it was written', () => {
    expect(decodeRecord(encodeRecord(record), 'set', 'now')).toEqual({
      state: 'valid',
      carrier: 'set',
      record,
      raw: encodeRecord(record),
      heartbeat: 'now',
    });
  });

  it('has the same text whatever the order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(record).reverse()) as unknown as OperationRecord;
    expect(encodeRecord(reversed)).toBe(encodeRecord(record));
  });

  it('refuses to grow over its limit', () => {
    expect(() => encodeRecord({ ...record, digest: 'x'.repeat(5000) })).toThrow(RangeError);
  });

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['a newer schema', JSON.stringify({ ...record, schema: 2 }), 'its schema is 2, this version knows 1'],
    ['an unknown kind', JSON.stringify({ ...record, kind: 'rollout' }), 'its kind is "rollout"'],
    ['no cursor', JSON.stringify({ ...record, cursor: undefined }), 'its field cursor is not a string'],
    [
      'a holder without a start',
      JSON.stringify({ ...record, holder: { user: 'a', host: 'b', pid: 1, since: 'x' } }),
      'its holder is incomplete',
    ],
    ['negative replicas', JSON.stringify({ ...record, putBack: { replicas: -1 } }), 'its putBack is not readable'],
  ])('is damaged as %s', (_, raw, message) => {
    expect(decodeRecord(raw, 'index')).toEqual({ state: 'damaged', carrier: 'index', raw, message });
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (raw) => {
        expect(['valid', 'damaged']).toContain(decodeRecord(raw, 'set').state);
      }),
    );
  });
});
