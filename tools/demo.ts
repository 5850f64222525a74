import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { up } from '../sandbox/index.ts';
import { playEtcd } from './demo/etcd.ts';
import { places, proveMarkers, writeMarkers } from './demo/markers.ts';
import { ask, type Shell, show, tell } from './demo/shell.ts';

/**
 * The main job, to be watched: boots a real control plane, deploys a database of three members, deletes it in order and
 * brings it back. `--keep` leaves the sandbox up; `--real` plays it with etcd on real nodes (Linux, root).
 */
const root = join(import.meta.dirname, '..');
const keep = process.argv.includes('--keep');
const real = process.argv.includes('--real');
const NAMESPACE = 'demo';

tell('A Kubernetes control plane of its own, compiled from source the first time (some minutes)');
const sandbox = await up({
  name: 'demo',
  nodes: 3,
  real,
  lifetime: keep ? 'detached' : 'owned',
  onProgress: (line) => process.stdout.write(`${line}\n`),
});
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

let failed = false;
try {
  await prepareNamespace();
  await (real ? playEtcd(shell) : play());
} catch (error) {
  failed = true;
  process.stderr.write(`demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await rm(home, { recursive: true, force: true });
  if (keep) tellHowToUse();
  else await sandbox.down();
}
process.exitCode = failed ? 1 : 0;

async function play(): Promise<void> {
  tell('A database: headless Service, three members, one claim each');
  await show(shell, 'apply', '-f', 'examples/mongo.yaml');
  await show(shell, 'rollout', 'status', 'statefulset/mongo');
  const before = await places(shell);
  await writeMarkers(before);
  await show(shell, 'sts-safe', 'status', 'mongo');

  tell('What a deletion would do, and the digest by which a script confirms exactly that');
  await show(shell, 'sts-safe', 'delete', 'mongo', '--dry-run');
  const plan = JSON.parse(await ask(shell, 'sts-safe', 'delete', 'mongo', '--dry-run', '-o', 'json')) as { readonly digest: string };

  tell('The deletion: one member at a time, highest first');
  await show(shell, 'sts-safe', 'delete', 'mongo', '--confirm', `plan:${plan.digest}`);
  tell('The set is gone; its claims and their data are not');
  await show(shell, 'get', 'statefulset,pod,pvc');
  await proveMarkers(before, shell);

  tell('And back');
  await show(shell, 'sts-safe', 'restore', 'mongo', '--yes');
  await show(shell, 'sts-safe', 'status', 'mongo');
  await proveMarkers(before, shell);
  tell('Done: the same set on the same data.');
}

/** The demo may have been played on this sandbox before. */
async function prepareNamespace(): Promise<void> {
  const there = await ask(shell, 'get', 'namespace', NAMESPACE, '--ignore-not-found', '-o', 'name');
  if (there !== '') await ask(shell, 'delete', 'namespace', NAMESPACE);
  await ask(shell, 'create', 'namespace', NAMESPACE);
  await ask(shell, 'config', 'set-context', '--current', `--namespace=${NAMESPACE}`);
}

function tellHowToUse(): void {
  tell('The sandbox is still up:');
  process.stdout.write(
    `  export KUBECONFIG=${sandbox.kubeconfig}\n  export PATH=${join(root, 'node_modules/.bin')}:${join(root, 'bin')}:$PATH\n  ${sandbox.kubectl} sts-safe status -n ${NAMESPACE}\n  npm run sandbox -- down --name demo\n`,
  );
}
