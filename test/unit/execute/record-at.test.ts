import { expect, it } from 'vitest';
import { refTo } from '../../../src/domain/object-ref.ts';
import type { Archive } from '../../../src/domain/stored.ts';
import { recordAt } from '../../../src/execute/record-at.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { encodeRecord } from '../../../src/record/codec.ts';

const holder = { user: 'ann', host: 'here', pid: 1, since: '2026-06-01T12:00:00Z' };
const archive = (operation: Archive['operation'], options: Archive['options'] = {}): Archive => ({
  schema: 1,
  name: 'sts-safe.web.1',
  id: 'op-1',
  operation,
  created: holder.since,
  options,
  allowed: [],
  manifest: {},
  claims: [],
});
const save = { id: 'archive', action: { do: 'write', write: { verb: 'archive', archive: 'sts-safe.web.1', place: 'secret' } } };
const stepOf = (id: string): Step => ({ id, title: '', action: { do: 'wait' }, preconditions: [], verify: [], timeoutMs: 1 });
const plan = {
  operation: 'delete',
  steps: [save],
  from: 'protect',
  digest: '0',
  archive: 'sts-safe.web.1',
  putBack: {},
  allowed: ['claim-missing'],
};

it('does not repeat the options that stand in the archive: they may be larger than a record', () => {
  const large = { ...plan, options: { patch: 'x'.repeat(100_000) } } as unknown as Plan;
  const execution = { id: 'op-1', holder, archive: archive('delete', large.options) };
  const record = recordAt(large, execution, stepOf('unown'));
  expect(record.asked).toEqual({ allowed: ['claim-missing'], archiveId: 'op-1' });
  expect(encodeRecord(record).length).toBeLessThan(1000);
});

it('holds options that were changed since it began, and no others', () => {
  const begun = { patch: 'x'.repeat(100_000), pauseAt: ['1'] };
  const changed = { ...plan, options: { ...begun, pauseAt: [] } } as unknown as Plan;
  const record = recordAt(changed, { id: 'op-1', holder, archive: archive('delete', begun) }, stepOf('unown'));
  expect(record.asked?.options).toEqual({ pauseAt: [] });
});

it('holds the options of an operation whose archive is another one’s', () => {
  const restore = { ...plan, operation: 'restore', steps: [], from: undefined, options: { adopt: true } } as unknown as Plan;
  expect(recordAt(restore, { id: 'op-2', holder, archive: archive('delete') }, stepOf('take')).asked).toEqual({
    options: { adopt: true },
    allowed: ['claim-missing'],
    archiveId: 'op-1',
  });
});

it('says what its step may be about to delete, and the replicas that it leaves', () => {
  const step: Step = {
    ...stepOf('scale-down/2'),
    leaves: 2,
    fallback: { delete: refTo('pods', 'prod', 'web-2'), when: { is: 'left-alone', pod: 'web-2', setUid: 'uid' } },
  };
  const record = recordAt(plan as unknown as Plan, { id: 'op-1', holder }, step);
  expect(record).toMatchObject({ cursor: 'scale-down/2', left: 2, pending: { resource: 'pods', name: 'web-2' } });
  const claim = { verb: 'delete', ref: refTo('persistentvolumeclaims', 'prod', 'data-web-0'), uid: 'u' } as const;
  expect(
    recordAt(plan as unknown as Plan, { id: 'op-1', holder }, { ...stepOf('x'), action: { do: 'write', write: claim } }).pending,
  ).toEqual({
    resource: 'persistentvolumeclaims',
    name: 'data-web-0',
  });
});
