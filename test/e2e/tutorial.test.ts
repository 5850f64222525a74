import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { inSandbox, test } from '../support/namespace.ts';
import { startLine } from '../support/plugin.ts';

const root = join(import.meta.dirname, '../..');

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

describe.concurrent.each([
  ['docs/tutorial.md', 20],
  ['docs/canary.md', 9],
  ['docs/runbooks.md', 6],
])('%s', (page, most) => {
  test.skipIf(!inSandbox)('does and prints what it says', { timeout: 300_000 }, async ({ space }) => {
    const commands = shownIn(readFileSync(join(root, page), 'utf8'));
    expect(commands.length).toBeGreaterThan(most);
    const kubeconfig = join(space.cluster.dir, `tutorial-${space.namespace}.kubeconfig`);
    copyFileSync(space.kubeconfig, kubeconfig);
    const type = (line: string) => startLine(space.cluster, line, { kubeconfig, cwd: root }).ended;
    await type(`kubectl config set-context --current --namespace=${space.namespace}`);
    for (const { line, exitCode, output } of commands) {
      const run = await type(line);
      expect(run.exitCode, `${line}\n${run.stdout}\n${run.stderr}`).toBe(exitCode);
      expectShown(`${run.stderr}\n${run.stdout}`, output);
    }
  });
});
