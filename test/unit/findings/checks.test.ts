import { describe, expect, it } from 'vitest';
import { absent } from '../../../src/domain/reading.ts';
import { runChecks } from '../../../src/findings/check.ts';
import { CHECKS } from '../../../src/findings/index.ts';
import { restoreRules } from '../../../src/operations/restore/rules.ts';
import { archiveOf, deleteOf, NOW, podsOf, restoreOf, scaleTo, setOf, snapshotOf, storedOf, worldOf } from '../../support/objects.ts';

const web = setOf();
const gone = worldOf(web, { set: absent('not-found', NOW), sets: [], pods: [], stored: storedOf(archiveOf(web)) });
const nothing = snapshotOf({});

/** As JSON it can be compared, and freezing it shows whoever writes to it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** The set lives: every check but the one that wants it gone. */
const living = [
  ['scale down', scaleTo(web, 1)],
  ['scale up', scaleTo(web, 5)],
  ['scale to 0', scaleTo(web, 0)],
  ['delete', deleteOf(web)],
] as const;

describe.each(CHECKS.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it.each(living.filter(() => id !== 'set-present'))('has nothing to say of %s in a perfect world', (_name, when) => {
    expect(check.run(worldOf(web), when)).toEqual([]);
  });

  it.each([...living, ['restore', restoreOf(web)] as const])('has nothing to say of %s when nothing could be read', (_name, when) => {
    expect(check.run(nothing, when)).toEqual([]);
  });

  it('is pure: a frozen world and the same answer twice', () => {
    const see = frozen(structuredClone(worldOf(web, { pods: podsOf(web, { 0: { waiting: 'CrashLoopBackOff' } }) })));
    const when = frozen(structuredClone(scaleTo(web, 0)));
    expect(check.run(see, when)).toEqual(check.run(see, when));
  });
});

it.each(restoreRules.map(({ check }) => [check.id, check] as const))(
  '%s has nothing to say of restore in a perfect world',
  (_id, check) => {
    expect(check.run(gone, restoreOf(web))).toEqual([]);
  },
);

describe('runChecks', () => {
  const broken = worldOf(web, { pods: podsOf(web, { 0: { ready: false, readySince: 30 } }) });
  const [unhealthy] = CHECKS.filter(({ id }) => id === 'unhealthy-member-stays');
  const run = (override: 'allow' | 'never', allowed: readonly string[]) =>
    runChecks(unhealthy === undefined ? [] : [{ check: { ...unhealthy, override }, severity: 'blocks' }], broken, scaleTo(web, 2), allowed);

  it('gives a draft the severity of the operation', () => {
    expect(run('allow', [])).toMatchObject([{ id: 'unhealthy-member-stays', severity: 'blocks', override: 'allow' }]);
  });

  it('turns what was allowed into a warning that says so', () => {
    expect(run('allow', ['unhealthy-member-stays'])).toMatchObject([
      { severity: 'warns', message: expect.stringMatching(/ \(allowed\)$/) },
    ]);
  });

  it('lifts nothing that is never to be overridden, and nothing by another id', () => {
    expect(run('never', ['unhealthy-member-stays'])).toMatchObject([{ severity: 'blocks' }]);
    expect(run('allow', ['unhealthy-members'])).toMatchObject([{ severity: 'blocks' }]);
  });
});
