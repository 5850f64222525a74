import type { Clock } from '../../domain/clock.ts';
import type { Credentials, Endpoint } from '../endpoint.ts';
import type { Selected } from '../kubeconfig/select.ts';
import { readPluginPolicy } from '../kuberc/kuberc.ts';
import { ExecCredentials } from './exec.ts';
import { staticCredentials } from './static.ts';

export interface CredentialsHost {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** --kuberc. */
  readonly kuberc: string | undefined;
}

/**
 * How to say who we are, by what the kubeconfig's user has. Over plain http nothing is sent (client-go: "only try to read
 * the auth information if we are secure"); token, password and certificate come before a plugin, so that `--token` does
 * not start one. A kuberc decides whether a plugin may run at all.
 */
export async function chooseCredentials(selected: Selected, endpoint: Endpoint, host: CredentialsHost): Promise<Credentials> {
  const { user, userName, cluster } = selected;
  if (!endpoint.server.startsWith('https:')) return { identity: () => Promise.resolve({}), renew: () => Promise.resolve(false) };
  const own = [user.token, user.tokenFile, user.username, user.password, user.clientCertificate, user.clientCertificateData];
  if (own.some((value) => value !== '')) return staticCredentials(user, host.clock);
  if (user.exec !== undefined) {
    const terminal = (): boolean => process.getBuiltinModule('node:tty').isatty(0);
    const policy = await readPluginPolicy(host.kuberc, host.env, host.log);
    return new ExecCredentials({ ...host, exec: user.exec, policy, userName, cluster, endpoint, terminal });
  }
  if (user.authProvider === undefined) return staticCredentials(user, host.clock);
  const { OidcCredentials } = await import('./oidc.ts');
  return new OidcCredentials(user.authProvider, userName, host.clock, async (config) => {
    const { refreshOidc } = await import('./oidc-refresh.ts');
    return refreshOidc(config);
  });
}
