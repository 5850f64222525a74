import { describe, expect, it } from 'vitest';
import { errorFromAnswer } from '../../../src/cluster/transport/status.ts';
import { admissionName, admissionOf, isAccessDenied } from '../../../src/domain/admission.ts';

const RBAC =
  'statefulsets.apps "web" is forbidden: User "bob" cannot patch resource "statefulsets" in API group "apps" in the namespace "prod"';
const TERMINATING = 'secrets "sts-safe.web" is forbidden: unable to create new content in namespace prod because it is being terminated';
const QUOTA =
  'secrets "sts-safe.web" is forbidden: exceeded quota: none, requested: count/secrets=1, used: count/secrets=0, limited: count/secrets=0';

/** As a Kubernetes 1.36 API server wrote them. */
const rejections = [
  [
    `statefulsets.apps "web" is forbidden: ValidatingAdmissionPolicy 'whole-steps' with binding 'all' denied request: only to 0`,
    { kind: 'ValidatingAdmissionPolicy', name: 'whole-steps', binding: 'all', verdict: 'denied', message: 'only to 0' },
  ],
  [
    `statefulsets.apps "web" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: no such kind`,
    { kind: 'ValidatingAdmissionPolicy', name: 'p', verdict: 'denied', message: 'failed to configure policy: no such kind' },
  ],
  [
    `policy 'inject' with binding 'inject' denied request: no such key: spec`,
    { kind: 'MutatingAdmissionPolicy', name: 'inject', binding: 'inject', verdict: 'denied', message: 'no such key: spec' },
  ],
  [
    'admission webhook "deny.example.com" denied the request: two\nlines',
    { kind: 'webhook', name: 'deny.example.com', verdict: 'denied', message: 'two\nlines' },
  ],
  [
    'admission webhook "deny.example.com" denied the request without explanation',
    { kind: 'webhook', name: 'deny.example.com', verdict: 'denied', message: 'without explanation' },
  ],
  [
    'Internal error occurred: failed calling webhook "dead.example.com": failed to call webhook: Post "https://127.0.0.1:9/": connection refused',
    {
      kind: 'webhook',
      name: 'dead.example.com',
      verdict: 'unreachable',
      message: 'failed to call webhook: Post "https://127.0.0.1:9/": connection refused',
    },
  ],
  [
    'admission webhook "old.example.com" does not support dry run',
    { kind: 'webhook', name: 'old.example.com', verdict: 'no-dry-run', message: 'does not support dry run' },
  ],
] as const;

describe('what admission says', () => {
  it.each(rejections)('%s', (message, admission) => {
    expect(admissionOf(message)).toEqual(admission);
  });

  it.each([
    RBAC,
    TERMINATING,
    QUOTA,
    'the server rejected our request due to an error in our request',
    'Operation cannot be fulfilled on statefulsets.apps "web": the object has been modified',
    'Internal error occurred: etcdserver: no leader',
    // A user may be called anything.
    'pods is forbidden: User "admission webhook "x" denied the request: y" cannot list resource "pods"',
  ])('is nothing in: %s', (message) => {
    expect(admissionOf(message)).toBeUndefined();
  });

  it.each([
    [RBAC, true],
    [TERMINATING, false],
    [QUOTA, false],
    [rejections[0][0], false],
  ])('permissions are what is missing in: %s? %s', (message, is) => {
    expect(isAccessDenied(message)).toBe(is);
  });

  it('names a policy and a webhook', () => {
    const names = rejections.flatMap(([message]) => admissionOf(message) ?? []).map(admissionName);
    expect(names).toEqual(expect.arrayContaining(['ValidatingAdmissionPolicy whole-steps', 'admission webhook dead.example.com']));
  });
});

describe('the error of an answer', () => {
  const answer = (status: number, message: string) =>
    errorFromAnswer({
      request: 'PATCH /apis',
      status,
      statusText: 'Internal Server Error',
      body: JSON.stringify({ kind: 'Status', message, reason: 'InternalError', code: status }),
      retryAfter: undefined,
    });

  it('was not carried out when a webhook could not be called, whatever its code', () => {
    expect(answer(500, rejections[5][0])).toMatchObject({ sent: 'rejected', admission: { name: 'dead.example.com' } });
    expect(answer(500, 'Internal error occurred: etcdserver: no leader')).toMatchObject({ sent: 'unanswered', admission: undefined });
  });
});
