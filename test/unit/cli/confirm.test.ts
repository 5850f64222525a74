import { describe, expect, it } from 'vitest';
import { type Answers, decide } from '../../../src/cli/confirm.ts';
import type { Consent } from '../../../src/plan/plan.ts';

const digest = '0123456789abcdef';
const yesNo: Consent = { kind: 'yes-no' };
const typed: Consent = { kind: 'typed', name: 'web' };
const plan = (consent: Consent) => ({ consent, digest, target: { namespace: 'prod', name: 'web' } });

describe('decide', () => {
  const rows: readonly (readonly [what: string, consent: Consent, answers: Answers, terminal: boolean, verdict: string])[] = [
    ['nothing said', yesNo, {}, true, 'ask'],
    ['nothing said, no terminal', yesNo, {}, false, 'refused'],
    ['--yes', yesNo, { yes: true }, false, 'go'],
    ['--yes=false', yesNo, { yes: false }, true, 'ask'],
    ['--yes=false, no terminal', yesNo, { yes: false }, false, 'refused'],
    ['--confirm for a yes/no', yesNo, { confirm: 'web' }, false, 'go'],
    ['typed, nothing said', typed, {}, true, 'ask'],
    ['typed, no terminal', typed, {}, false, 'refused'],
    ['typed, --yes', typed, { yes: true }, true, 'ask'],
    ['typed, --yes, no terminal', typed, { yes: true }, false, 'refused'],
    ['its name', typed, { confirm: 'web' }, false, 'go'],
    ['its name on a terminal', typed, { confirm: 'web' }, true, 'go'],
    ['its namespace and name', typed, { confirm: 'prod/web' }, false, 'go'],
    ['another namespace', typed, { confirm: 'test/web' }, true, 'refused'],
    ['another name', typed, { confirm: 'db' }, true, 'refused'],
    ['another name and --yes', yesNo, { confirm: 'db', yes: true }, true, 'refused'],
    ['a type, which names nothing', typed, { confirm: 'sts/web' }, false, 'refused'],
    ['its digest', typed, { confirm: `plan:${digest}` }, false, 'go'],
    ['its digest in capitals', typed, { confirm: `plan:${digest.toUpperCase()}` }, false, 'go'],
    ['the beginning of its digest', typed, { confirm: 'plan:0123' }, false, 'refused'],
    ['an empty digest', typed, { confirm: 'plan:' }, false, 'refused'],
  ];

  it.each(rows)('%s', (_, consent, answers, terminal, verdict) => {
    expect(decide(plan(consent), answers, terminal).verdict).toBe(verdict);
  });

  it('names both digests when the plan has changed', () => {
    expect(decide(plan(typed), { confirm: 'plan:fedcba9876543210' }, false)).toMatchObject({
      message: '--confirm names plan:fedcba9876543210, but this is plan:0123456789abcdef',
    });
  });

  it('names the flag to add', () => {
    expect(decide(plan(yesNo), {}, false)).toMatchObject({ hint: expect.stringContaining('add --yes') });
    expect(decide(plan(typed), { yes: true }, false)).toMatchObject({ hint: 'add --confirm web, or --confirm plan:0123456789abcdef' });
  });
});
