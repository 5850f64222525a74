import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { inSandbox, test } from '../support/namespace.ts';
import { followPage, pageRoot } from '../support/page.ts';
import { startLine } from '../support/plugin.ts';

describe.concurrent.each([
  ['docs/tutorial.md', 20],
  ['docs/canary.md', 9],
  ['docs/runbooks.md', 6],
])('%s', (page, most) => {
  test.skipIf(!inSandbox)('does and prints what it says', { timeout: 300_000 }, async ({ space }) => {
    const kubeconfig = join(space.cluster.dir, `tutorial-${space.namespace}.kubeconfig`);
    copyFileSync(space.kubeconfig, kubeconfig);
    const type = (line: string) => startLine(space.cluster, line, { kubeconfig, cwd: pageRoot }).ended;
    await type(`kubectl config set-context --current --namespace=${space.namespace}`);
    await followPage(page, most, type);
  });
});
