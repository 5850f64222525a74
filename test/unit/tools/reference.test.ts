import { describe, expect, it } from 'vitest';
import { commands, words } from '../../../src/cli/manifest.ts';
import { referencePages } from '../../../tools/reference.ts';

const pages = referencePages(commands);

describe('the reference', () => {
  it('has every command with its own flags, and is reached from its index', () => {
    const index = pages.get('README.md') ?? '';
    for (const { id, summary, flags } of commands) {
      const file = `${id.split(':')[0] ?? ''}.md`;
      const page = pages.get(file) ?? '';
      expect(index).toContain(`[${words(id)}](${file}`);
      expect(page).toContain(`${summary}.`);
      const own = Object.entries(flags).filter(([, { helpGroup }]) => helpGroup === 'OPTIONS' || helpGroup === 'CONFIRMATION');
      for (const [name] of own) expect(page).toMatch(new RegExp(`^\\| \`.*--${name}\\b`, 'm'));
    }
  });

  it('has rows of two cells: a bar in a flag does not end one', () => {
    for (const [name, page] of pages) {
      const rows = page.split('\n').filter((line) => line.startsWith('|'));
      expect(rows.filter((row) => row.replaceAll('\\|', '').split('|').length !== 4).map((row) => `${name}: ${row}`)).toEqual([]);
    }
  });
});
