import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { goEnvironment } from '../../build/toolchain.ts';
import { describeReal } from '../support/real.ts';

const run = promisify(execFile);

describeReal('the small programs of real nodes', () => {
  it('pass their own tests', async () => {
    const cwd = join(import.meta.dirname, '..', '..', 'go', 'node');
    const { stdout } = await run('go', ['test', './...'], { cwd, env: goEnvironment(cwd) });
    expect(stdout).toMatch(/^ok .*\/fence/m);
  });
});
