import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planDigest } from '../../../src/plan/digest.ts';
import type { Plan } from '../../../src/plan/plan.ts';

type Draft = Omit<Plan, 'digest'>;

const plain = {
  schema: 1,
  operation: 'delete',
  target: { namespace: 'prod', name: 'web' },
  cluster: { context: 'c', server: 's', identity: 'uid' },
  summary: 'in words',
  findings: [],
  changes: [],
  consent: { kind: 'typed', name: 'web' },
  putBack: {},
  archive: 'sts-safe.web.1',
} as const;

const anything = fc.jsonValue();

it('is the SHA-256 of the RFC 8785 canonical JSON of what it covers', () => {
  const draftArb = fc.record({
    options: fc.object({ values: [anything] }),
    allowed: fc.array(fc.string()),
    steps: fc.array(fc.record({ id: fc.string(), action: anything, verify: fc.array(anything) })),
  });
  fc.assert(
    fc.property(draftArb, fc.option(fc.string(), { nil: undefined }), ({ options, allowed, steps }, from) => {
      const whole = steps.map((step) => ({ ...step, title: 'in words', preconditions: [], fallback: undefined, timeoutMs: 1 }));
      const draft = { ...plain, options, allowed, steps: whole, basedOn: { set: 'uid', nothing: undefined }, from } as unknown as Draft;
      const covered = {
        schema: 1,
        operation: 'delete',
        target: plain.target,
        cluster: 'uid',
        options,
        allowed: [...allowed].sort(),
        basedOn: { set: 'uid' },
        from: from ?? null,
        steps: steps.map(({ id, action, verify }) => ({ id, action, verify, preconditions: [], fallback: null, section: null })),
        during: null,
      };
      const text = canonicalize(JSON.parse(JSON.stringify(covered))) ?? '';
      expect(planDigest(draft)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 16));
    }),
  );
});
