import { describe, expect, it } from 'vitest';
import { unknown } from '../../../src/domain/reading.ts';
import type { SliceName, Snapshot } from '../../../src/domain/snapshot.ts';
import type { Check, Draft, Intent } from '../../../src/findings/check.ts';
import { commandLine } from '../../../src/plan/commandline.ts';
import { NAMESPACE, NOW } from '../../support/objects.ts';

export interface Row {
  readonly see: Snapshot;
  readonly when: Intent;
  /** The messages, in order; a string must be the whole of it. None: the check is silent. */
  readonly says: readonly (string | RegExp)[];
  /** `object: field = value` that must be among the evidence of all drafts together. */
  readonly seen?: readonly string[];
  /** Command lines that must be among the remedies of all drafts together. */
  readonly tries?: readonly (string | RegExp)[];
  /** How many remedies there are in all. */
  readonly remedies?: number;
  readonly grade?: Draft['grade'];
}

/**
 * One check and what it says of each world. Every row also shows that not knowing never makes it say more, except of
 * slices for which the check has a fallback.
 */
export function table(check: Check, rows: Readonly<Record<string, Row>>, fallbackFor: readonly SliceName[] = []): void {
  describe(check.id, () => {
    it.each(Object.entries(rows))('%s', (_name, row) => {
      const drafts = check.run(row.see, row.when);
      expect(drafts.map(({ message }) => message)).toEqual(
        row.says.map((says) => (typeof says === 'string' ? says : expect.stringMatching(says))),
      );
      for (const line of row.seen ?? []) expect(evidenceOf(drafts)).toContain(line);
      for (const line of row.tries ?? [])
        expect(remediesOf(drafts)).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
      if (row.remedies !== undefined) expect(remediesOf(drafts)).toHaveLength(row.remedies);
      if (row.grade !== undefined) expect(drafts.map(({ grade }) => grade)).toEqual(drafts.map(() => row.grade));
      drafts.forEach(expectWellMade);
      expectNothingFromIgnorance({ ...check, needs: check.needs.filter((slice) => !fallbackFor.includes(slice)) }, row, drafts);
    });
  });
}

export function evidenceOf(drafts: readonly Draft[]): readonly string[] {
  return drafts.flatMap(({ evidence }) => evidence.map(({ object, field, value }) => `${object}: ${field} = ${value}`));
}

export function remediesOf(drafts: readonly Draft[]): readonly string[] {
  return drafts.flatMap(({ remedies }) => remedies.map((remedy) => commandLine(remedy, { namespace: NAMESPACE, flags: [] })));
}

function expectWellMade({ message, evidence, subject }: Draft): void {
  expect(message).not.toMatch(/undefined|NaN|\n|\.$/);
  expect(evidence.length).toBeGreaterThan(0);
  for (const { object, value } of evidence)
    expect([object, value]).toEqual([expect.stringMatching(/^[a-z]+\/[^/]+$/), expect.not.stringMatching(/undefined/)]);
  expect(subject.kind).toBe(subject.kind.toLowerCase());
}

function expectNothingFromIgnorance(check: Check, { see, when }: Row, drafts: readonly Draft[]): void {
  const messages = drafts.map(({ message }) => message);
  for (const slice of check.needs) {
    const blind = { ...see, slices: { ...see.slices, [slice]: unknown('forbidden', `cannot list ${slice}`, NOW) } };
    for (const { message } of check.run(blind, when)) expect(messages, `with ${slice} unknown`).toContain(message);
  }
}
