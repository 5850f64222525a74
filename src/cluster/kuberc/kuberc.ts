import { CannotError } from '../../domain/errors.ts';
import { type PluginPolicy, policyFault } from '../credentials/plugin-policy.ts';
import { homeFolder } from '../kubeconfig/load.ts';
import { decodePreference } from './preference.ts';

/**
 * The policy for credential plugins of the user's kuberc, by the rules of kubectl 1.36 (pkg/kuberc): `--kuberc`, else the
 * file of KUBERC, else ~/.kube/kuberc; none with KUBERC=off or KUBECTL_KUBERC=false. A file that was named must be there
 * and be a kuberc; the one at home may be missing, and is passed over with a warning where nothing in it can be used.
 *
 * Aliases and defaults of a kuberc are about kubectl's own commands: kubectl does not apply them to plugins, nor do we.
 * kubectl reads the file for every command; we do where a credential plugin is about to run, which is all that is left.
 *
 * @param log takes a line for stderr
 * @returns undefined where nothing limits plugins. Rejects with CannotError for a file or a policy that kubectl refuses.
 */
export async function readPluginPolicy(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<PluginPolicy | undefined> {
  const chosen = kubercFile(flag ?? '', env);
  if (chosen === undefined) return undefined;
  const { file, named } = chosen;
  const text = readKuberc(file, named, log);
  const read = text === undefined ? undefined : await decodePreference(text);
  if (read === 'none usable') {
    const what = `kuberc ${file} has no Preference of kubectl.config.k8s.io/v1beta1 or v1alpha1 that can be read`;
    if (named) throw new CannotError(what, 'kubectl --v=5 says why');
    log(`${what}: it is ignored, as kubectl does`);
    return undefined;
  }
  if (read === undefined) return undefined;
  if (read.unknown.length > 0) log(`kuberc ${file}: ignored, as kubectl does: ${read.unknown.join(', ')}`);
  const policy = { file, policy: read.policy, allowlist: read.allowlist };
  const fault = policyFault(policy);
  if (fault !== undefined) throw new CannotError(`kuberc ${file}: ${fault}`);
  return policy;
}

/** @returns the file, and whether the user named it rather than leaving it at its usual place */
function kubercFile(flag: string, env: NodeJS.ProcessEnv): { readonly file: string; readonly named: boolean } | undefined {
  const { join } = process.getBuiltinModule('node:path');
  const fromEnv = env['KUBERC'] ?? '';
  if (env['KUBECTL_KUBERC']?.toLowerCase() === 'false') return undefined;
  if (fromEnv === 'off') {
    if (flag === '') return undefined;
    throw new CannotError('--kuberc is given, but KUBERC=off turns kuberc off');
  }
  const usual = join(homeFolder(env), '.kube', 'kuberc');
  const file = flag === '' || flag === usual ? fromEnv || usual : flag;
  return { file, named: flag !== '' || fromEnv !== '' };
}

function readKuberc(file: string, named: boolean, log: (line: string) => void): string | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (named) throw new CannotError(`kuberc ${file} cannot be read: ${message}`, undefined, error);
    if (code !== 'ENOENT') log(`kuberc ${file} cannot be read: ${message}: it is ignored, as kubectl does`);
    return undefined;
  }
}
