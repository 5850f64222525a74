import { lookPath } from './look-path.ts';

/** Which credential plugins may run, by the user's kuberc (KEP-3104): the fields of kubectl.config.k8s.io/v1beta1. */
export interface PluginPolicy {
  /** The kuberc file, for messages. */
  readonly file: string;
  /** `AllowAll` where it is empty. */
  readonly policy: string;
  /** Commands; undefined where the file has none. */
  readonly allowlist: readonly string[] | undefined;
}

/**
 * Why this plugin may not run, or undefined where it may. The rules are those of client-go
 * (plugin/pkg/client/auth/exec, checkAllowlistLocked): an entry allows the command that it repeats, and the program that
 * both it and the command lead to. An entry of another base name is not looked up.
 *
 * @param command as the kubeconfig has it, paths made absolute
 * @param env whose PATH counts
 */
export function pluginRefusal({ policy, allowlist = [] }: PluginPolicy, command: string, env: NodeJS.ProcessEnv): string | undefined {
  if (policy === 'DenyAll') return 'credentialPluginPolicy is DenyAll';
  if (policy !== 'Allowlist') return undefined;
  const { basename } = process.getBuiltinModule('node:path');
  const program = lookPath(clean(command), env);
  if (allowlist.includes(clean(command)) || allowlist.some((entry) => entry === program)) return undefined;
  if (program === undefined) return 'no such program was found to compare with credentialPluginAllowlist';
  const leadsThere = (entry: string): boolean => basename(entry) === basename(program) && lookPath(entry, env) === program;
  return allowlist.some(leadsThere) ? undefined : `${program} is not in credentialPluginAllowlist`;
}

/** What is wrong with a policy as such (client-go: ValidatePluginPolicy); undefined where nothing is. */
export function policyFault({ policy, allowlist }: PluginPolicy): string | undefined {
  if (policy === 'Allowlist') return allowlistFault(allowlist);
  if (!['', 'AllowAll', 'DenyAll'].includes(policy)) return `credentialPluginPolicy "${policy}" is not known`;
  return allowlist === undefined ? undefined : 'credentialPluginAllowlist needs credentialPluginPolicy Allowlist';
}

function allowlistFault(allowlist: readonly string[] | undefined): string | undefined {
  if (allowlist === undefined) return 'credentialPluginPolicy is Allowlist, but there is no credentialPluginAllowlist';
  if (allowlist.length === 0) return 'credentialPluginAllowlist is empty: credentialPluginPolicy DenyAll says that';
  if (allowlist.includes('')) return 'credentialPluginAllowlist has an entry without a command';
  const crooked = allowlist.find((entry) => clean(entry) !== entry);
  return crooked === undefined ? undefined : `credentialPluginAllowlist: write ${clean(crooked)} for ${crooked}`;
}

/** Go's filepath.Clean: Node's leaves a slash at the end. */
function clean(path: string): string {
  const { normalize, parse, sep } = process.getBuiltinModule('node:path');
  const plain = normalize(path);
  return plain.endsWith(sep) && plain !== parse(plain).root ? plain.slice(0, -sep.length) : plain;
}
