import { expect, it } from 'vitest';
import type { Archive } from '../../../src/domain/stored.ts';
import { recordAt } from '../../../src/execute/executor.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { encodeRecord } from '../../../src/record/codec.ts';

const holder = { user: 'ann', host: 'here', pid: 1, since: '2026-06-01T12:00:00Z' };
const archive = (operation: Archive['operation']): Archive => ({
  schema: 1,
  name: 'sts-safe.web.1',
  id: 'op-1',
  operation,
  created: holder.since,
  options: {},
  allowed: [],
  manifest: {},
  claims: [],
});
const plan = { operation: 'delete', from: 'protect', digest: '0', archive: 'sts-safe.web.1', putBack: {}, allowed: ['claim-missing'] };

it('does not repeat the options that stand in the archive: they may be larger than a record', () => {
  const large = { ...plan, options: { patch: 'x'.repeat(100_000) } } as unknown as Plan;
  const record = recordAt(large, { id: 'op-1', holder, archive: archive('delete') }, 'unown');
  expect(record.asked).toEqual({ allowed: ['claim-missing'], archiveId: 'op-1' });
  expect(encodeRecord(record).length).toBeLessThan(1000);
});

it('holds the options of an operation whose archive is another one’s', () => {
  const restore = { ...plan, operation: 'restore', options: { adopt: true } } as unknown as Plan;
  expect(recordAt(restore, { id: 'op-2', holder, archive: archive('delete') }, 'take').asked).toEqual({
    options: { adopt: true },
    allowed: ['claim-missing'],
    archiveId: 'op-1',
  });
});
