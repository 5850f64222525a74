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

  it('is written with every field that it can have', () => {
    const whole: Required<OperationRecord> = {
      ...record,
      asked: { options: { adopt: true }, allowed: ['claim-missing'], archiveId: 'op-0' },
      onlyFile: true,
      cancels: 'delete',
      pending: { resource: 'pods', name: 'web-2' },
      left: 2,
      created: 'uid-2',
      reason: 'moving',
    };
    expect(decodeRecord(encodeRecord(whole), 'index')).toMatchObject({ state: 'valid', record: whole });
  });

  it('is read whatever its operation: which there are is not the codec’s to know', () => {
    const text = JSON.stringify({ ...record, kind: 'rollout start' });
    expect(decodeRecord(text, 'set')).toMatchObject({ state: 'valid', record: { kind: 'rollout start' } });
  });

  it('refuses to grow over its limit', () => {
    expect(() => encodeRecord({ ...record, digest: 'x'.repeat(5000) })).toThrow(RangeError);
  });

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['a newer schema', JSON.stringify({ ...record, schema: 2 }), 'its schema is 2, this version knows 1'],
    ['no kind', JSON.stringify({ ...record, kind: 7 }), 'its field kind must be string'],
    ['a phase that is none', JSON.stringify({ ...record, phase: 'asleep' }), 'its field phase must be equal to one of the allowed values'],
    ['no cursor', JSON.stringify({ ...record, cursor: undefined }), 'it must have required properties cursor'],
    [
      'a holder without a start',
      JSON.stringify({ ...record, holder: { user: 'a', host: 'b', pid: 1, since: 'x' } }),
      'its field holder.since must be a time',
    ],
    ['negative replicas', JSON.stringify({ ...record, putBack: { replicas: -1 } }), 'its field putBack.replicas must be >= 0'],
    ['a policy that is none', JSON.stringify({ ...record, putBack: { retention: { whenScaled: 'Keep' } } }), undefined],
  ])('is damaged as %s', (_, raw, message) => {
    expect(decodeRecord(raw, 'index')).toEqual({ state: 'damaged', carrier: 'index', raw, message: message ?? expect.any(String) });
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (raw) => {
        expect(['valid', 'damaged']).toContain(decodeRecord(raw, 'set').state);
      }),
    );
  });
});
