/**
 * Everything that CI checks, the fast things first. `--fast` stops before what needs a control plane.
 * Each step's own output is shown only when it fails, except for the last one, which is long.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly loud?: true;
  /** Not with --fast; or only then, because a slow step has it. */
  readonly when?: 'slow' | 'fast';
}

const linted = ['src', 'sandbox', 'test', 'tools', 'bench'].filter((folder) => existsSync(new URL(`../${folder}`, import.meta.url)));

const steps: readonly Step[] = [
  { name: 'lock file', command: ['node', 'tools/lock.ts'] },
  { name: 'format', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['oxlint', '--type-aware', ...linted] },
  { name: 'unit and architecture tests', command: ['vitest', 'run', '--project', 'unit'], when: 'fast' },
  { name: 'build', command: ['node', 'tools/build.ts'] },
  { name: 'manifest', command: ['node', 'tools/manifest.ts', '--check'] },
  { name: 'docs of findings', command: ['node', 'tools/findings-doc.ts', '--check'] },
  { name: 'smoke', command: ['node', 'tools/smoke.ts'] },
  { name: 'all tests', command: ['npm', 'test'], loud: true, when: 'slow' },
];

// The project's own Node and tools come first, also when this is not started by npm.
const env = {
  ...process.env,
  PATH: `${fileURLToPath(new URL('../node_modules/.bin', import.meta.url))}${delimiter}${process.env['PATH'] ?? ''}`,
};

const fast = process.argv.includes('--fast');
const began = Date.now();
for (const step of steps) {
  if (step.when !== undefined && step.when !== (fast ? 'fast' : 'slow')) continue;
  if (!run(step)) process.exit(1);
}
console.log(`check: all good in ${seconds(Date.now() - began)}`);

function run({ name, command: [program = '', ...args], loud }: Step): boolean {
  const start = Date.now();
  if (loud) console.log(`check: ${name} …`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', loud ? 'inherit' : 'pipe', loud ? 'inherit' : 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env,
    shell: process.platform === 'win32',
  });
  const took = seconds(Date.now() - start);
  if (status === 0) {
    console.log(`check: ${name} ✓ ${took}`);
    return true;
  }
  process.stdout.write(loud ? '' : `${stdout}${stderr}`);
  console.error(`check: ${name} ✗ ${took}${error ? ` (${error.message})` : ''}`);
  return false;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}
