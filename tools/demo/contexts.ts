import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { execa } from 'execa';

/** Absolute, as the folder where npm was started has them: npm and the demo work in that of the project. */
export function filesOf(kubeconfig?: string): string {
  const typed = kubeconfig ?? (process.env['KUBECONFIG'] || join(homedir(), '.kube', 'config'));
  const from = process.env['INIT_CWD'] ?? process.cwd();
  return typed
    .split(delimiter)
    .filter((file) => file !== '')
    .map((file) => resolve(from, file))
    .join(delimiter);
}

export interface Context {
  readonly name: string;
  readonly context?: object;
}

/** The contexts of these files. @throws Error in one sentence where there is no kubectl, or it cannot read them */
export async function contextsOf(env: Readonly<Record<string, string>>, files: string): Promise<readonly Context[]> {
  const { failed, stdout, stderr, code } = await execa('kubectl', ['config', 'view', '-o', 'json'], { env, reject: false });
  if (code === 'ENOENT')
    throw new Error('There is no kubectl on the PATH: install it (https://kubernetes.io/docs/tasks/tools), then try again.');
  if (failed) throw new Error(`kubectl cannot read ${files}: ${stderr.trim()}`);
  return (JSON.parse(stdout) as { readonly contexts?: readonly Context[] | null }).contexts ?? [];
}

/** How the contexts are named by what makes clusters on the machine itself. */
const LOCAL = /^(kind-|k3d-|colima|minikube|microk8s|docker-desktop|rancher-desktop|orbstack|podman)/;

/** Those of these contexts that are, by their names, clusters on this machine. */
export function localOf(contexts: readonly Context[]): readonly string[] {
  return contexts.map(({ name }) => name).filter((name) => LOCAL.test(name));
}

/** What needs no compiler, for whoever would rather not wait for it. */
export async function withoutCompiler(env: Readonly<Record<string, string>>): Promise<string> {
  const files = filesOf();
  const contexts = await contextsOf({ ...env, KUBECONFIG: files }, files).catch(() => []);
  const local = localOf(contexts);
  const yours = local.length === 0 ? '' : `; on this machine you have ${local.join(', ')}`;
  return `On a cluster that you have, none of this is needed: npm run demo -- --context NAME${yours}`;
}
