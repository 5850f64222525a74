import { describe, expect, it } from 'vitest';
import type { FoundRecord, OperationRecord } from '../../../src/domain/stored.ts';
import { mayTake, SILENCE_MS } from '../../../src/record/takeover.ts';

const SINCE = Date.parse('2026-06-01T12:00:00Z');

function found(phase: OperationRecord['phase'], heartbeat?: string): Extract<FoundRecord, { state: 'valid' }> {
  const record: OperationRecord = {
    schema: 1,
    id: 'op-1',
    kind: 'scale',
    phase,
    holder: { user: 'ann', host: 'desk', pid: 42, since: '2026-06-01T12:00:00Z' },
    cursor: 'scale-down/3',
    digest: 'd',
    archive: 'a',
    putBack: {},
  };
  return { state: 'valid', carrier: 'set', record, raw: '', ...(heartbeat === undefined ? {} : { heartbeat }) };
}

describe('who may go on with a record', () => {
  it.each([
    ['stopped: anyone', found('stopped'), 'alive', SINCE, 'free'],
    ['same host, process gone', found('running'), 'gone', SINCE, 'free'],
    ['silent since its start', found('running'), 'elsewhere', SINCE + SILENCE_MS, 'ask'],
    ['just not silent enough', found('running'), 'elsewhere', SINCE + SILENCE_MS - 1, 'held'],
    ['a heartbeat counts from itself', found('running', '2026-06-01T12:01:00Z'), 'elsewhere', SINCE + 60_000 + SILENCE_MS - 1, 'held'],
    ['an old heartbeat', found('running', '2026-06-01T12:01:00Z'), 'elsewhere', SINCE + 60_000 + SILENCE_MS, 'ask'],
    ['an unreadable heartbeat is none', found('running', 'soon'), 'elsewhere', SINCE + SILENCE_MS, 'ask'],
    ['a clock that was a little ahead', found('running', '2026-06-01T12:00:30Z'), 'elsewhere', SINCE, 'held'],
    ['a clock that was far ahead, whose silence cannot be told', found('running', '2026-06-01T13:00:00Z'), 'elsewhere', SINCE, 'ask'],
    ['hung on this host: not gone, silent', found('running'), 'alive', SINCE + SILENCE_MS, 'ask'],
  ] as const)('%s', (_, record, liveness, now, kind) => {
    expect(mayTake(record, liveness, now).kind).toBe(kind);
  });
});
