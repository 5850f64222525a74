/**
 * The long tests: every kill at every write, resumed and cancelled; signals at every write; a thousand members; real
 * time-outs. Takes half an hour, so it is not in `npm test`. Arguments go to vitest: `npm run test:long -- test/kill/delete.test.ts`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const chosen = process.argv.slice(2);
const files = chosen.some((argument) => !argument.startsWith('-')) ? [] : ['test/kill', 'test/e2e/long.test.ts'];
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const args = [vitest, 'run', '--project', 'e2e', '--testTimeout', '600000', '--maxConcurrency', '4', ...files, ...chosen];

const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, STS_SAFE_LONG: '1' } });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
