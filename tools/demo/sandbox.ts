import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { GoMissing } from '../../sandbox/build/toolchain.ts';
import { type Sandbox, up } from '../../sandbox/index.ts';
import type { DemoArguments } from './arguments.ts';
import { withoutCompiler } from './contexts.ts';
import { playEtcd } from './etcd.ts';
import { play } from './play.ts';
import { ask, type Shell, tell } from './shell.ts';
import type { Stage } from './stage.ts';

const NAMESPACE = 'demo';

/** A control plane that is booted for the demo. */
export async function sandboxStage({ keep, real }: DemoArguments, root: string): Promise<Stage> {
  tell('A Kubernetes control plane of its own, compiled from source the first time (some minutes)');
  const sandbox = await boot(keep, real);
  const home = await mkdtemp(join(tmpdir(), 'sts-safe-demo-'));
  const shell: Shell = {
    directory: root,
    kubectl: sandbox.kubectl,
    env: {
      HOME: home,
      KUBECONFIG: sandbox.kubeconfig,
      PATH: [join(root, 'node_modules/.bin'), join(root, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    },
  };
  return {
    play: async () => {
      await prepareNamespace(shell);
      await (real ? playEtcd(shell) : play(shell, { set: 'mongo', manifest: 'examples/mongo.yaml' }));
    },
    end: async () => {
      await rm(home, { recursive: true, force: true });
      if (keep) tellHowToUse(sandbox, root);
      else await sandbox.down();
    },
  };
}

async function boot(keep: boolean, real: boolean): Promise<Sandbox> {
  const hint = await withoutCompiler({ PATH: process.env['PATH'] ?? '' });
  let hinted = false;
  const onProgress = (line: string): void => {
    process.stdout.write(`${line}\n`);
    if (hinted || !line.startsWith('compiling')) return;
    hinted = true;
    process.stdout.write(`${hint}\n`);
  };
  try {
    return await up({ name: 'demo', nodes: 3, real, lifetime: keep ? 'detached' : 'owned', onProgress });
  } catch (error) {
    throw error instanceof GoMissing ? error.or('play it on a cluster that you have: npm run demo -- --context NAME') : error;
  }
}

/** The demo may have been played on this sandbox before. */
async function prepareNamespace(shell: Shell): Promise<void> {
  const there = await ask(shell, 'get', 'namespace', NAMESPACE, '--ignore-not-found', '-o', 'name');
  if (there !== '') await ask(shell, 'delete', 'namespace', NAMESPACE);
  await ask(shell, 'create', 'namespace', NAMESPACE);
  await ask(shell, 'config', 'set-context', '--current', `--namespace=${NAMESPACE}`);
}

function tellHowToUse(sandbox: Sandbox, root: string): void {
  tell('The sandbox is still up:');
  process.stdout.write(
    `  export KUBECONFIG=${sandbox.kubeconfig}\n  export PATH=${join(root, 'node_modules/.bin')}:${join(root, 'bin')}:$PATH\n  ${sandbox.kubectl} sts-safe status -n ${NAMESPACE}\n  npm run sandbox -- down --name demo\n`,
  );
}
