import { describe, expect } from 'vitest';
import { expectEnd } from '../support/documents.ts';
import { type Space, test } from '../support/namespace.ts';
import { killedAtStep } from '../support/stages.ts';

/** What kubectl itself answers a shell for `kubectl sts-safe …`. */
async function completed(space: Space, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await space.raw(['__complete', 'sts-safe', '-n', space.namespace, ...words]);
  return stdout.split('\n').flatMap((line) => (line === '' || line.startsWith(':') ? [] : [line.split('\t')[0] ?? '']));
}

describe.concurrent('completion', () => {
  test('offers what there is, what can be restored, and what is open', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 1 }), space.applySet({ name: 'db', replicas: 1 })]);
    expect(await completed(space, 'scale', '')).toEqual(['db', 'web']);
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    expect(await completed(space, 'restore', '')).toEqual(['web']);
    expect(await completed(space, 'cancel', '')).toEqual([]);
    await killedAtStep('protect', space, ['delete', 'db', '--confirm', 'db'], 'db');
    expect(await completed(space, 'cancel', '')).toEqual(['db']);
    expect(await completed(space, 'scale', 'db', '--allow', 'short-grace,claim-sh')).toEqual(['short-grace,claim-shared']);
  });
});
