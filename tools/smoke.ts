/** Starts what was built, the way kubectl does, and sees that it answers: bundling has failures of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = (name: string): string => fileURLToPath(new URL(`../bin/${name}`, import.meta.url));
const plugin = bin('kubectl-sts_safe.js');

interface Case {
  readonly program?: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  { args: ['version', '--client'], code: 0, says: /^Client Version: v\d/ },
  { args: ['version', '--client', '-o', 'json'], code: 0, says: /^\{\n {2}"apiVersion": "sts-safe\.dev\/v1"/ },
  { args: ['version', '--client', '-o', 'yaml'], code: 0, says: /^apiVersion: sts-safe\.dev\/v1\nkind: Version\n/ },
  { args: ['--help'], code: 0, says: /COMMANDS\n {2}status/ },
  { args: ['delete', '--help'], code: 0, says: /EXAMPLES\n/ },
  {
    args: ['scale', 'web', '--replicas', '1', '--kubeconfig', '/nonexistent'],
    code: 1,
    says: /^error: kubeconfig \/nonexistent does not exist/,
  },
  { args: ['sacle'], code: 2, says: /did you mean kubectl sts-safe scale\?/ },
  { program: bin('kubectl_complete-sts_safe'), args: ['sc'], code: 0, says: /^scale\t.*\n:4\n$/ },
];

for (const { program = plugin, args, code, says } of cases) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === code && says.test(stdout + stderr)) continue;
  console.error(`${args.join(' ')}: expected exit code ${code} and ${says}, got ${status} and\n${stdout}${stderr}`);
  process.exitCode = 1;
}
