import { describe, expect, test } from 'vitest';
import { archiveLeft, archiveLeftInWords } from '../../../src/domain/archive-left.ts';
import { absent, unknown } from '../../../src/domain/reading.ts';
import type { Slices } from '../../../src/domain/snapshot.ts';
import { verdictOf } from '../../../src/inspect/verdict/verdict.ts';
import { ago, archiveOf, claimsFor, HOUR, NOW, podsOf, recordOf, setOf, snapshotOf, storedOf } from '../../support/objects.ts';

const set = setOf();
const forbidden = unknown('forbidden', 'cannot list persistentvolumeclaims in namespace prod (forbidden)', NOW);

interface Left {
  readonly stored?: Slices['stored'];
  readonly claims?: Slices['claims'] | typeof forbidden;
  readonly pods?: Slices['pods'];
}

function look({ stored = storedOf(archiveOf(set)), claims = claimsFor(set), pods = [] }: Left) {
  return snapshotOf({ set: absent('not-found', NOW), pods, claims, stored });
}

/** The sentence and the command line's options, of which a set left nothing but this. */
function told(left: Left): readonly [string, readonly string[]] {
  const archive = archiveLeft(look(left));
  if (archive === undefined) throw new Error('no archive');
  return [archiveLeftInWords(archive, NOW), Object.keys(archive.options)];
}

const [first, second, third] = claimsFor(set) as [Slices['claims'][number], Slices['claims'][number], Slices['claims'][number]];
const going = { ...second, metadata: { ...second.metadata, deletionTimestamp: ago(1) } };
const other = { ...second, metadata: { ...second.metadata, uid: 'another' } };
const entry = storedOf(archiveOf(set)).entries[0]!;

const table: readonly (readonly [string, Left, string, string])[] = [
  ['of our deletion', {}, 'archive sts-safe.web.1 of its deletion, 1h old, can bring it back', ''],
  [
    'of a scale: another client has deleted the set since',
    { stored: storedOf(archiveOf(set), { entries: [{ ...entry, operation: 'scale', setDeleted: false }] }) },
    'archive sts-safe.web.1 of an earlier scale, 1h old, can bring it back as it was then',
    'archive',
  ],
  ['members still run', { pods: podsOf(set) }, 'archive sts-safe.web.1 of its deletion, 1h old, can bring it back', 'adopt'],
  [
    'members on their way out are waited for, not adopted',
    { pods: podsOf(set, { 0: { terminatingFor: 1 }, 1: { terminatingFor: 1 }, 2: { terminatingFor: 1 } }) },
    'archive sts-safe.web.1 of its deletion, 1h old, can bring it back',
    '',
  ],
  [
    'every PVC is gone',
    { claims: [] },
    'archive sts-safe.web.1 of its deletion, 1h old, is left, but 3 of 3 archived PVCs are gone: it would come up empty',
    'dryRun',
  ],
  [
    'one gone, one on its way',
    { claims: [first, going] },
    'archive sts-safe.web.1 of its deletion, 1h old, is left, but 1 of 3 archived PVCs is gone, 1 of 3 archived PVCs is being deleted: it would come up without their data',
    'dryRun',
  ],
  [
    'one is another object',
    { claims: [first, other, third] },
    'archive sts-safe.web.1 of its deletion, 1h old, is left, but 1 of 3 archived PVCs is another object now: it would come up without their data',
    'dryRun',
  ],
  [
    'PVCs that may not be read are not called there',
    { claims: forbidden },
    'archive sts-safe.web.1 of its deletion, 1h old, can bring it back, if its PVCs are still there',
    '',
  ],
  [
    'damaged',
    { stored: storedOf(archiveOf(set), { archive: { state: 'damaged', name: 'sts-safe.web.1', message: 'it is not gzipped JSON' } }) },
    'archive sts-safe.web.1 of its deletion, 1h old, cannot be used: it is not gzipped JSON',
    'list',
  ],
  [
    'in the index alone',
    { stored: { entries: [entry] } },
    'archive sts-safe.web.1 of its deletion, 1h old, cannot be used: its Secret is gone',
    'list',
  ],
];

describe('the archive of a set that is not there', () => {
  test.each(table)('%s', (_, left, sentence, options) => {
    expect(told(left)).toEqual([sentence, options === '' ? [] : [options]]);
  });

  test('the newest is meant, and the older ones are counted', () => {
    const older = { ...entry, name: 'sts-safe.web.0', created: ago(2 * HOUR) };
    expect(archiveLeft(look({ stored: storedOf(archiveOf(set), { entries: [older, entry] }) }))).toMatchObject({
      name: 'sts-safe.web.1',
      older: 1,
      claims: { archived: 3, gone: 0, beingDeleted: 0, replaced: 0 },
    });
  });

  test('none', () => expect(archiveLeft(look({ stored: { entries: [] } }))).toBeUndefined());
});

describe('the health', () => {
  test('an archive of any operation is told', () => {
    const stored = storedOf(archiveOf(set), { entries: [{ ...entry, operation: 'scale', setDeleted: false }] });
    expect(verdictOf(look({ stored }), undefined)?.health).toBe('Missing');
  });

  test('an archive that may not be read is not called absent', () => {
    const stored = unknown('forbidden', 'cannot get secrets in namespace prod (forbidden)', NOW);
    const snapshot = snapshotOf({ set: absent('not-found', NOW), pods: podsOf(set), claims: [], stored });
    expect(verdictOf(snapshot, undefined)?.reason).toBe(
      'there is no StatefulSet web; whether it is archived is not known: cannot get secrets in namespace prod (forbidden); 3 Pods still run without it',
    );
  });

  test('an open operation is told, not its archive', () => {
    const record = recordOf({ kind: 'delete', cursor: 'finish', phase: 'stopped' });
    const found = { state: 'valid', carrier: 'index', raw: '', record } as const;
    expect(verdictOf(look({}), found)).toEqual({
      health: 'Missing',
      reason: 'there is no StatefulSet web; delete by ada@laptop was stopped at finish',
    });
  });
});
