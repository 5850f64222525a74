import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PluginRun } from './plugin.ts';

/** Where the commands of a page are typed. */
export const pageRoot = join(import.meta.dirname, '../..');

interface Shown {
  readonly line: string;
  readonly exitCode: number;
  /** What the page shows below the command; `…` stands for anything. */
  readonly output: readonly string[];
}

/** The commands of a page's console blocks, each with what the page says of its end and its output. */
function shownIn(page: string): readonly Shown[] {
  const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [first = '', ...output] = part.trimEnd().split('\n');
        const [, line = '', code = '0'] = /^(.*?)(?:\s+# exit (\d+))?$/.exec(first) ?? [];
        return { line, exitCode: Number(code), output };
      }),
  );
}

/** The pieces between `…` must stand in the output in this order. */
function expectShown(text: string, lines: readonly string[]): void {
  const squeezed = (some: string): string => some.replace(/\s+/g, ' ').trim();
  const seen = squeezed(text);
  let from = 0;
  for (const piece of lines.flatMap((line) => line.split('…')).map(squeezed)) {
    const at = seen.indexOf(piece, from);
    expect(at, `"${piece}" in the output:\n${text}`).toBeGreaterThanOrEqual(0);
    from = at + piece.length;
  }
}

/**
 * Types every command of a page, one after the other: each ends and prints as the page says.
 * @param most commands that a page which was read wrongly would have
 */
export async function followPage(page: string, most: number, type: (line: string) => Promise<PluginRun>): Promise<void> {
  const commands = shownIn(readFileSync(join(pageRoot, page), 'utf8'));
  expect(commands.length).toBeGreaterThan(most);
  for (const { line, exitCode, output } of commands) {
    const run = await type(line);
    expect(run.exitCode, `${line}\n${run.stdout}\n${run.stderr}`).toBe(exitCode);
    expectShown(`${run.stderr}\n${run.stdout}`, output);
  }
}
