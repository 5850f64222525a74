import { expect, it } from 'vitest';
import { pendingObject } from '../../../src/operate/fence-off.ts';

const target = { namespace: 'prod', name: 'web' };

it.each([
  ['scale-down/2', '/api/v1/namespaces/prod/pods/web-2'],
  ['left-over/7', '/api/v1/namespaces/prod/pods/web-7'],
  ['delete-claim/data-web-1', '/api/v1/namespaces/prod/persistentvolumeclaims/data-web-1'],
  ['delete-service/web', '/api/v1/namespaces/prod/services/web'],
  ['protect', undefined],
  ['delete-set', undefined],
])('the step %s deletes, besides the set, %s', (cursor, path) => {
  expect(pendingObject(target, cursor)).toBe(path);
});
