import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, entryOf, nearest, RAISED_BY_OPERATE, RAISED_BY_PEERS } from '../../../src/findings/catalogue.ts';
import type { Check } from '../../../src/findings/check.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { CHECKS } from '../../../src/findings/index.ts';
import { consentTable } from '../../../src/operations/registry.ts';
import { pages } from '../../../tools/findings-doc.ts';

const FOLDER = new URL('../../../src/findings/', import.meta.url);

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'id' in value && 'run' in value && 'needs' in value;
}

/** Every check that a file of the folder exports, by file name. */
async function checksInFolder(): Promise<ReadonlyMap<string, readonly Check[]>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file): Promise<[string, readonly Check[]]> => {
      const module: Readonly<Record<string, unknown>> = await import(new URL(file, FOLDER).href);
      return [file, Object.values(module).filter(isCheck)];
    }),
  );
  return new Map(found.filter(([, checks]) => checks.length > 0));
}

describe('the list of checks', () => {
  it('is what the folder holds: one check a file, named after it', async () => {
    const found = await checksInFolder();
    expect([...found].map(([file, checks]) => [file, checks.map(({ id }) => `${id}.ts`)])).toEqual(
      [...found.keys()].map((file) => [file, [file]]),
    );
    expect(CHECKS.map(({ id }) => id).toSorted()).toEqual(
      [...found.values()]
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(CHECKS.length).toBeGreaterThanOrEqual(35);
  });

  it('has no two checks of one id', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
  });
});

describe('the catalogue', () => {
  it('has one entry for each check, each finding of the driver, of peers and of the doctor, and none beside', () => {
    const ids = [...CHECKS.map(({ id }) => id), ...RAISED_BY_OPERATE, ...RAISED_BY_PEERS, ...DIAGNOSES.map(({ id }) => id)];
    expect(CATALOGUE.map(({ id }) => id)).toEqual([...new Set(ids)].toSorted());
  });

  it('knows every finding that operate raises', async () => {
    const room = new URL('../../../src/operate/', import.meta.url);
    const texts = await Promise.all((await readdir(room)).map((file) => readFile(new URL(file, room), 'utf8')));
    const raised = RAISED_BY_OPERATE.filter((id) => texts.some((text) => text.includes(`'${id}'`)));
    expect(raised).toEqual(RAISED_BY_OPERATE);
  });

  it.each(CATALOGUE.map((entry) => [entry.id, entry] as const))('%s is told in whole sentences', (id, entry) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(entry.title).not.toMatch(/\.$/);
    for (const text of [entry.meaning, entry.remedy]) expect(text).toMatch(/^[A-Z].*[.)]$/s);
    expect(entry.source).not.toBe('');
    expect(entry.source).not.toMatch(/\.$/);
  });

  it('finds an entry by its id, and nothing by another', () => {
    expect(entryOf('claim-lost')?.title).toMatch(/lost its volume/);
    expect(entryOf('claim-loss')).toBeUndefined();
  });

  it.each([
    ['hpa', 'hpa-targets-set'],
    ['hpa-target-set', 'hpa-targets-set'],
    ['unhealty-members', 'unhealthy-members'],
    ['unhealthy-member-stay', 'unhealthy-member-stays'],
    ['PVC Shared', 'claim-shared'],
    ['keda', 'keda-targets-set'],
    ['gitops', 'gitops-managed'],
    ['archive', 'archive-newer'],
    ['rollout-stuck?', 'rollout-stuck'],
  ])('takes %s for %s', (asked, meant) => {
    expect(nearest(asked)?.id).toBe(meant);
  });

  it.each(['', 'xyz', 'frobnicate', '42', 'a'])('takes "%s" for nothing', (asked) => {
    expect(nearest(asked)).toBeUndefined();
  });
});

/** Without the classes it only overlooks a quota by class for claims that name none: a way out reads no more for that. */
const DISPENSABLE: readonly string[] = ['cancel (set gone): quota-exceeded needs storageClasses'];

describe('the slices that checks need', () => {
  it.each(consentTable().map((row) => [row.operation, row] as const))('are read by %s', (operation, { needs, rules, owned = [] }) => {
    const read = [...needs.required, ...needs.advisory, ...owned];
    const missing = rules.flatMap(({ check }) =>
      check.needs.filter((slice) => !read.includes(slice)).map((slice) => `${operation}: ${check.id} needs ${slice}`),
    );
    expect(missing.filter((line) => !DISPENSABLE.includes(line))).toEqual([]);
  });
});

describe('the pages of docs/', () => {
  it.each([...pages()].map(([page, text]) => [page.pathname.split('/').at(-1), page, text] as const))(
    '%s is what tools/findings-doc.ts would write',
    async (_, page, text) => {
      expect(await readFile(page, 'utf8')).toBe(text);
    },
  );
});
