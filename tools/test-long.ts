/**
 * The long tests: every kill at every write, resumed and cancelled; signals at every write; a thousand members; real
 * time-outs. Takes half an hour, so it is not in `npm test`. Arguments go to vitest: `npm run test:long -- test/kill/delete.test.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const chosen = process.argv.slice(2);
// The thousand members by themselves: the scheduler has its hands full with them, and others would wait in vain.
const parts = chosen.some((argument) => !argument.startsWith('-')) ? [[]] : [['test/kill'], ['test/e2e/long.test.ts']];
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const options = ['run', '--project', 'e2e', '--testTimeout', '600000', '--maxConcurrency', '4'];

async function run(files: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [vitest, ...options, ...files, ...chosen], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, STS_SAFE_LONG: '1' },
  });
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 130;
}

const codes: number[] = [];
for (const files of parts) codes.push(await run(files));
process.exitCode = codes.find((code) => code !== 0) ?? 0;
