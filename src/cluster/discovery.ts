import { ApiError } from '../domain/errors.ts';
import type { Transport } from './api.ts';
import { groupPath, type Resource } from './slices/resource.ts';

/**
 * What discovery says about a resource. `other-version`: the group is there, but not in the version that we know, so
 * there may be objects that we cannot read.
 */
export type Served = 'served' | 'not-served' | 'other-version' | 'unknown';

export interface ServerVersion {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

/** The server's version, `v1.36.3`. Rejects with ApiError. */
export async function serverVersion(transport: Transport): Promise<ServerVersion> {
  const { body } = await transport.request<ServerVersion>({ method: 'GET', path: '/version' });
  return body;
}

/**
 * Whether the API server serves a resource. Needed because a restricted user gets 403 for what is not served at all;
 * discovery is open to every authenticated user. Each document is asked for once.
 */
export class Discovery {
  readonly #transport: Transport;
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Asks already now for what may tell `serves` that a whole group is not there. */
  prepare({ group }: Resource): void {
    // Whoever asks gets the failure.
    this.#get(`/apis/${group}`).catch(() => undefined);
  }

  async serves(resource: Resource): Promise<Served> {
    const group = `/apis/${resource.group}`;
    if (this.#asked.has(group) && (await this.#get(group)) === 'not-found') return 'not-served';
    const list = await this.#get<{ resources?: readonly { name: string }[] }>(groupPath(resource));
    if (list === 'unknown') return 'unknown';
    if (list !== 'not-found') return (list.resources ?? []).some(({ name }) => name === resource.resource) ? 'served' : 'not-served';
    if (resource.group === '') return 'not-served';
    const answer = await this.#get(group);
    return answer === 'not-found' ? 'not-served' : answer === 'unknown' ? 'unknown' : 'other-version';
  }

  #get<T>(path: string): Promise<T | 'not-found' | 'unknown'> {
    const asked = this.#asked.get(path) ?? this.#ask(path);
    this.#asked.set(path, asked);
    return asked as Promise<T | 'not-found' | 'unknown'>;
  }

  async #ask(path: string): Promise<unknown> {
    try {
      return (await this.#transport.request({ method: 'GET', path })).body;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.status === 404 ? 'not-found' : 'unknown';
    }
  }
}
