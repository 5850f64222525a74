import { ask, type Shell, show, tell } from './shell.ts';

const members = ['etcd-0', 'etcd-1', 'etcd-2'] as const;
const keys = Array.from({ length: 5 }, (_, number) => `written-by-the-demo/${number}`);

/** The main job on a real database: three members of etcd whose quorum is lost on the way, on real nodes. */
export async function playEtcd(shell: Shell): Promise<void> {
  tell('A database that really runs: three members of etcd on three nodes, one PVC each');
  await show(shell, 'apply', '-f', 'examples/etcd.yaml');
  await show(shell, 'rollout', 'status', 'statefulset/etcd');
  const before = await ask(shell, 'get', 'pvc', '-o', 'jsonpath={.items[*].metadata.uid}');
  for (const key of keys) await ask(shell, ...etcdctl('put', key, `value of ${key}`));
  await show(shell, ...etcdctl('get', '--prefix', 'written-by-the-demo/'));
  await show(shell, 'sts-safe', 'status', 'etcd');

  tell('The deletion: after the second member the quorum is lost, and it continues to the end');
  await show(shell, 'sts-safe', 'delete', 'etcd', '--confirm', 'etcd');
  await show(shell, 'get', 'statefulset,pod,pvc');

  tell('And back');
  await show(shell, 'sts-safe', 'restore', 'etcd', '--yes');
  await show(shell, ...etcdctl('get', '--prefix', 'written-by-the-demo/'));
  await proveKeys(shell);
  const after = await ask(shell, 'get', 'pvc', '-o', 'jsonpath={.items[*].metadata.uid}');
  if (after !== before) throw new Error('the PVCs are not the objects that they were');
  tell('Done: the same PVCs, and every key is where it was.');
}

const etcdctl = (...args: readonly string[]): readonly string[] => ['exec', members[0], '--', 'etcdctl', ...args];

/**
 * Reads every key from every member.
 * @throws Error naming what is missing
 */
async function proveKeys(shell: Shell): Promise<void> {
  for (const member of members) {
    for (const key of keys) {
      const value = (await ask(shell, 'exec', member, '--', 'etcdctl', 'get', key, '--print-value-only')).trim();
      if (value !== `value of ${key}`) throw new Error(`${member} has not kept ${key}`);
    }
    process.stdout.write(`  ${member} has all ${keys.length} keys\n`);
  }
}
