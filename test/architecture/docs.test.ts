import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(folder, path));
}

/** What comments say of where a rule comes from, in the one spelling that the page has it by. */
function citationsIn(text: string): readonly string[] {
  const prose = text.replaceAll(/\n\s*(\*|\/\/)\s?/g, ' ');
  return [
    ...[...prose.matchAll(/\b(law|principle|signature)s? (\d+(?:(?:, | and | to )\d+)*)/gi)].flatMap(([, what = '', numbers = '']) =>
      numbersIn(numbers).map((number) => `${what.toLowerCase()} ${number}`),
    ),
    ...[...prose.matchAll(/\b(product|semantics),? section (\d+)/gi)].map(([, what = '', number]) => `${what.toLowerCase()} ${number}`),
  ];
}

/** `5, 6 and 8` and `12 to 14`. */
function numbersIn(list: string): readonly number[] {
  return list.split(/, | and /).flatMap((part) => {
    const [from = 0, to = from] = part.split(' to ').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

/** What docs/design.md explains, in the same spelling. */
function explained(): ReadonlySet<string> {
  const [product = '', laws = '', semantics = ''] = read('docs/design.md').split(/^## (?=Architecture|Semantics)/m);
  const numbered = (text: string, what: string): readonly string[] =>
    [...text.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => `${what} ${number}`);
  return new Set([
    ...numbered(product, 'principle'),
    ...numbered(laws, 'law'),
    ...[...product.matchAll(/^### Section (\d)/gm)].map(([, number]) => `product ${number}`),
    ...[...semantics.matchAll(/^- \*\*Section (\d)/gm)].map(([, number]) => `semantics ${number}`),
    ...[...semantics.matchAll(/^- \*\*Signature (\d+)/gm)].map(([, number]) => `signature ${number}`),
  ]);
}

describe('what comments cite', () => {
  const known = explained();

  it('is told by docs/design.md', () => {
    const files = ['src', 'test', 'tools', 'bench', 'sandbox'].flatMap((folder) => filesIn(folder, '.ts'));
    const cited = files
      .filter((path) => path !== 'test/architecture/docs.test.ts')
      .flatMap((path) => citationsIn(read(path)).map((it) => [path, it] as const));
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter(([, it]) => !known.has(it))).toEqual([]);
  });

  it('is told for every scenario', () => {
    const scenarios = filesIn('test/scenarios', '.yaml').flatMap((path) => [...read(path).matchAll(/^signature: (\d+)/gm)]);
    expect(scenarios.length).toBeGreaterThan(10);
    expect(scenarios.filter(([, number]) => !known.has(`signature ${number}`))).toEqual([]);
  });

  it('would be missed', () => {
    expect(citationsIn('/**\n * So it is (law\n * 12; Product section 9).\n */')).toEqual(['law 12', 'product 9']);
    expect(citationsIn('Signatures 5, 6 and 8, 12 to 14')).toEqual([5, 6, 8, 12, 13, 14].map((number) => `signature ${number}`));
    expect([known.has('law 12'), known.has('law 14'), known.has('product 9')]).toEqual([true, false, false]);
  });
});

describe('the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'sandbox/README.md', ...filesIn('docs', '.md')];

  it.each(pages)('%s links to nothing that is not there', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, link = '']) => link);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(own.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it('what-you-may-have-read names a test for each row', () => {
    const rows = read('docs/what-you-may-have-read.md')
      .split('\n')
      .filter((line) => line.startsWith('| "'));
    expect(rows.length).toBeGreaterThanOrEqual(7);
    expect(rows.filter((row) => !/\]\(\.\.\/test\/(?:e2e|live)\/[a-z-]+\.test\.ts\) \|$/.test(row))).toEqual([]);
  });
});
