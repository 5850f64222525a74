import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { AVOIDED } from './words.ts';

/** What users read. The design and its decisions speak about the code, and in its words. */
const PAGES = [
  'README.md',
  'docs/{tutorial,canary,peers,permissions,runbooks,findings,consent,safety,what-you-may-have-read}.md',
  'docs/reference/*.md',
];

const root = join(import.meta.dirname, '..', '..');

/** Texts of several words in a source: what may reach a reader, and no id, path or pattern. */
function textsIn(source: string): readonly string[] {
  const found: string[] = [];
  new Visitor({
    Literal({ value }) {
      if (typeof value === 'string') found.push(value);
    },
    TemplateLiteral({ quasis }) {
      found.push(quasis.map(({ value }) => value.cooked ?? '').join('…'));
    },
  }).visit(parseSync('source.ts', source).program);
  return found.filter((text) => /\p{L}\S* \S/u.test(text));
}

function avoidedIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => AVOIDED.flatMap(({ word, say }) => (word.test(text) ? [`${text} (say: ${say})`] : [])));
}

describe('texts that people read', () => {
  const sources = globSync('{src,tools}/**/*.ts', { cwd: root });

  it.each(sources)('%s is in the words of the API', (path) => {
    expect(avoidedIn(textsIn(readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  it('pages are, too', () => {
    const pages = globSync(PAGES, { cwd: root });
    expect(pages.length).toBeGreaterThan(10);
    const found = pages.flatMap((page) => avoidedIn(readFileSync(join(root, page), 'utf8').split('\n')).map((line) => `${page}: ${line}`));
    expect(found).toEqual([]);
  });

  it('would be found', () => {
    expect(textsIn("const a = 'our record'; const b = `go ${a} back to it`; const c = 'id';")).toEqual(['our record', 'go … back to it']);
    expect(avoidedIn(['the old claim goes', 'a PVC is retained'])).toHaveLength(2);
  });
});
