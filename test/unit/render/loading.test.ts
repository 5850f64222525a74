import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** Start-up is measured (docs/adr): what most commands do not need is loaded when it is needed, or never. */

const root = join(import.meta.dirname, '../../../src/render');
const sources = globSync('**/*.ts', { cwd: root }).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** Modules that the file loads when it is loaded itself; types and `await import` load nothing. */
function staticImports(text: string): readonly string[] {
  return [...text.matchAll(/^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)'/gm)].map(([, name]) => name ?? '');
}

const users = (name: RegExp) => sources.filter(({ text }) => staticImports(text).some((each) => name.test(each))).map(({ file }) => file);

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(25);
  expect(users(/^cli-table3$/)).toEqual(['table.ts']);
});

test('yaml and listr2 are loaded when asked for', () => {
  expect(users(/^(yaml|listr2)$/)).toEqual([]);
});

test('nothing that prints loads typebox', () => {
  expect(users(/^typebox/).every((file) => file.startsWith('schema/'))).toBe(true);
  expect(users(/schema\//).map((file) => relative(root, join(root, file)))).toEqual([]);
});
