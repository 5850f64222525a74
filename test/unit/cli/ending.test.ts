import { describe, expect, it } from 'vitest';
import { endingOf } from '../../../src/cli/ending.ts';
import { exitCodes } from '../../../src/cli/exit.ts';
import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../../../src/domain/errors.ts';

const api = (status: number | undefined, message: string) =>
  new ApiError({ message, status, reason: '', sent: 'rejected', request: 'GET /api' });

const denied = (status: number) =>
  new ApiError({
    message: 'denied request',
    status,
    reason: '',
    sent: 'rejected',
    request: 'PATCH /apis',
    admission: { kind: 'webhook', name: 'x', verdict: 'denied', message: 'no' },
  });

describe('endingOf', () => {
  it.each([
    ['usage', new UsageError('what?', 'that'), 2, 'error: what?\nhint: that\n'],
    ['cannot', new CannotError('no kubeconfig'), 1, 'error: no kubeconfig\n'],
    ['refused', new RefusedError('no'), 3, 'error: no\n'],
    ['changed', new ChangedError('replicas is 4, planned on 3'), 3, 'error: replicas is 4, planned on 3\n'],
    ['Ctrl-C', new StoppedError('interrupt', 'interrupted'), 130, 'error: interrupted\n'],
    ['SIGTERM', new StoppedError('terminate', 'terminated'), 1, 'error: terminated\n'],
    ['time-out', new StoppedError('timeout', 'time is up'), 4, 'error: time is up\n'],
    [
      '403 of an authorizer',
      api(403, 'pods is forbidden: User "bob" cannot list resource "pods"'),
      3,
      'error: forbidden: pods is forbidden: User "bob" cannot list resource "pods"\nhint: kubectl auth can-i --list shows what you may do\n',
    ],
    ['403 for a quota', api(403, 'exceeded quota: none'), 3, 'error: forbidden: exceeded quota: none\n'],
    ['a policy', denied(422), 3, 'error: denied request\n'],
    ['a policy with a code of its own', denied(403), 3, 'error: denied request\n'],
    ['a webhook that is down', denied(500), 3, 'error: denied request\n'],
    ['401', api(401, 'Unauthorized'), 1, 'error: the server does not accept these credentials: Unauthorized\n'],
    ['404', api(404, 'statefulsets.apps "web" not found'), 1, 'error: statefulsets.apps "web" not found\n'],
    ['no answer', api(undefined, 'connect ECONNREFUSED'), 1, 'error: connect ECONNREFUSED\n'],
  ])('%s', (_, error, code, text) => {
    expect(endingOf(error)).toEqual({ code, text });
  });

  it('calls anything else a bug, without a stack', () => {
    const { code, text } = endingOf(new TypeError('x is undefined'));
    expect(code).toBe(1);
    expect(text).toContain('this is a bug in kubectl sts-safe: x is undefined');
    expect(text).not.toContain('    at ');
  });

  it('shows the stack with -v 6', () => {
    expect(endingOf(new TypeError('x is undefined'), 6).text).toContain('    at ');
  });

  it.each(['a string', undefined, null, 5, { message: 1 }])('survives %j', (thrown) => {
    expect(endingOf(thrown).code).toBe(1);
  });

  it('does not let the cluster write to the terminal', () => {
    expect(endingOf(new CannotError('evil \u001b[2J name')).text).toBe('error: evil \\x1b[2J name\n');
  });
});

it('knows every exit code once', () => {
  expect(exitCodes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 130]);
});
