import { expect, it } from 'vitest';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import { stepTimeout } from '../../../src/operations/timeouts.ts';

const MINUTE = 60_000;

function setOf(spec: Record<string, unknown>, pod: Record<string, unknown> = {}): StatefulSet {
  return { spec: { ...spec, template: { spec: { containers: [], ...pod } } } } as unknown as StatefulSet;
}

it.each([
  ['nothing said', setOf({}), undefined, 10 * MINUTE],
  ['a long grace period', setOf({}, { terminationGracePeriodSeconds: 3600 }), undefined, 65 * MINUTE],
  [
    'a slow start-up probe',
    setOf({}, { containers: [{ startupProbe: { failureThreshold: 120, periodSeconds: 10, initialDelaySeconds: 60 } }] }),
    undefined,
    26 * MINUTE,
  ],
  ['members that count only after a while', setOf({ minReadySeconds: 900 }), undefined, 25 * MINUTE],
  ['--step-timeout', setOf({ minReadySeconds: 900 }), MINUTE, MINUTE],
])('a member may take as long as the object says: %s', (_, set, override, expected) => {
  expect(stepTimeout(set, override)).toBe(expected);
});
