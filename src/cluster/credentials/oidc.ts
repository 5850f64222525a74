import type { Clock } from '../../domain/clock.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Credentials, Identity } from '../endpoint.ts';
import type { UserEntry } from '../kubeconfig/model.ts';

/** A token that runs out within this time is replaced first (client-go oidc: the same). */
const EARLY_MS = 10_000;

/** Refreshes an id-token: `auth-provider` config in, the new one out. */
export type Refresh = (config: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;

/**
 * The kubeconfig's old `auth-provider: oidc`. A token that still holds is used as it is; only refreshing one needs the
 * library. New tokens live as long as this process: they are not written back to the kubeconfig.
 */
export class OidcCredentials implements Credentials {
  readonly #userName: string;
  readonly #clock: Clock;
  readonly #refresh: Refresh;
  #config: Readonly<Record<string, string>>;
  #running: Promise<Identity> | undefined;

  /** Throws CannotError for another provider than oidc: kubectl has dropped them too (1.26). */
  constructor(provider: NonNullable<UserEntry['authProvider']>, userName: string, clock: Clock, refresh: Refresh) {
    if (provider.name !== 'oidc')
      throw new CannotError(
        `user "${userName}" has auth-provider "${provider.name}", which no longer exists`,
        'use an exec plugin, as kubectl does since 1.26',
      );
    this.#config = provider.config;
    this.#userName = userName;
    this.#clock = clock;
    this.#refresh = refresh;
  }

  async identity(): Promise<Identity> {
    const token = this.#config['id-token'] ?? '';
    if (token !== '' && expiryOf(token) > this.#clock.now() + EARLY_MS) return bearer(token);
    this.#running ??= this.#renewed();
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async #renewed(): Promise<Identity> {
    const missing = ['client-id', 'refresh-token', 'idp-issuer-url'].filter((name) => (this.#config[name] ?? '') === '');
    if (missing.length > 0) throw this.#failure(`the token has expired and there is no ${missing.join(', ')} to get another`);
    try {
      this.#config = await this.#refresh(this.#config);
    } catch (error) {
      throw this.#failure(`the token could not be refreshed: ${(error as Error).message}`, error);
    }
    const token = this.#config['id-token'] ?? '';
    if (token === '') throw this.#failure('the identity provider gave no id-token');
    return bearer(token);
  }

  #failure(why: string, cause?: unknown): CannotError {
    return new CannotError(`cannot get credentials of "${this.#userName}": ${why}`, 'log in again', cause);
  }
}

function bearer(token: string): Identity {
  return { authorization: `Bearer ${token}` };
}

/** The `exp` of a JWT in milliseconds; 0 for what is none. */
function expiryOf(token: string): number {
  try {
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof payload.exp === 'number' ? payload.exp * 1000 : 0;
  } catch {
    // Not a JWT: nothing to go by, so it counts as expired.
    return 0;
  }
}
