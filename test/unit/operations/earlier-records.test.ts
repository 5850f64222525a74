import { expect, it } from 'vitest';
import type { OperationRecord } from '../../../src/domain/stored.ts';
import { pendingIn } from '../../../src/operations/earlier-records.ts';

const target = { namespace: 'prod', name: 'web' };
const recordAt = (cursor: string): OperationRecord => ({ cursor }) as unknown as OperationRecord;

it.each([
  ['scale-down/2', 'pods', 'web-2'],
  ['left-over/7', 'pods', 'web-7'],
  ['delete-claim/data-web-1', 'persistentvolumeclaims', 'data-web-1'],
  ['delete-service/web', 'services', 'web'],
  ['delete-set', 'statefulsets', 'web'],
])('the step %s of a record of version 0.1 deletes %s %s', (cursor, resource, name) => {
  expect(pendingIn(recordAt(cursor), target)).toEqual({ resource, namespace: 'prod', name });
});

it('deletes nothing at another step', () => {
  expect(pendingIn(recordAt('protect'), target)).toBeUndefined();
});

it('is told by the record where that says it, whatever its cursor is called', () => {
  const record = { cursor: 'step-7', pending: { resource: 'pods', name: 'web-3' } } as unknown as OperationRecord;
  expect(pendingIn(record, target)).toEqual({ resource: 'pods', namespace: 'prod', name: 'web-3' });
});
