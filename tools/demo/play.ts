import { inDirectories, Markers, throughMembers } from './markers.ts';
import { ask, type Shell, show, showFailing, tell } from './shell.ts';

/** What the main job is played with. */
export interface Piece {
  readonly set: string;
  /** What is applied. */
  readonly manifest: string;
  /** Where a member has its data, to look at it through one that runs; absent where volumes are directories of this machine. */
  readonly mountPath?: string;
}

/** No registry has it: the Pod that gets it does not come up. */
const NO_SUCH_IMAGE = 'registry.k8s.io/pause:nosuch';

/**
 * The main job: a set of three is deleted in order, its data is proved to be there, and it comes back. Then an upgrade that fails at its
 * first Pod is aborted.
 */
export async function play(shell: Shell, { set, manifest, mountPath }: Piece): Promise<void> {
  tell('A database: headless Service, three members, one PVC each');
  await show(shell, 'apply', '-f', manifest);
  await show(shell, 'rollout', 'status', `statefulset/${set}`, '--timeout=5m');
  const markers = await Markers.write(shell, mountPath === undefined ? inDirectories(shell) : throughMembers(shell, mountPath));
  await show(shell, 'sts-safe', 'status', set);

  tell('What a deletion would do, and the digest by which a script confirms exactly that');
  await show(shell, 'sts-safe', 'delete', set, '--dry-run');
  const plan = JSON.parse(await ask(shell, 'sts-safe', 'delete', set, '--dry-run', '-o', 'json')) as { readonly digest: string };

  tell('The deletion: one member at a time, highest first');
  await show(shell, 'sts-safe', 'delete', set, '--confirm', `plan:${plan.digest}`);
  tell('The set is gone; its PVCs and their data are not');
  await show(shell, 'get', 'statefulset,pod,pvc');
  await markers.prove();

  tell('And back');
  await show(shell, 'sts-safe', 'restore', set, '--yes');
  await show(shell, 'sts-safe', 'status', set);
  await markers.prove();

  tell('An upgrade to an image that does not exist: it stops at the first Pod, and the others keep running');
  await showFailing(shell, 4, 'sts-safe', 'rollout', 'start', set, '--image', `*=${NO_SUCH_IMAGE}`, '--step-timeout', '10s', '--yes');
  tell('And back: kubectl rollout undo would wait for that Pod forever');
  await show(shell, 'sts-safe', 'rollout', 'abort', set, '--yes');
  await show(shell, 'sts-safe', 'status', set);
  await markers.prove();
  tell('Done: the same set on the same data.');
}
