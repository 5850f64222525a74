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
 * discovery is open to every authenticated user. Asked once a group and version.
 */
export class Discovery {
  readonly #transport: Transport;
  readonly #asked = new Map<string, Promise<readonly string[] | Exclude<Served, 'served'>>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async serves(resource: Resource): Promise<Served> {
    const path = groupPath(resource);
    const asked = this.#asked.get(path) ?? this.#ask(resource);
    this.#asked.set(path, asked);
    const answer = await asked;
    if (typeof answer === 'string') return answer;
    return answer.includes(resource.resource) ? 'served' : 'not-served';
  }

  async #ask(resource: Resource): Promise<readonly string[] | Exclude<Served, 'served'>> {
    const list = await this.#get<{ resources?: readonly { name: string }[] }>(groupPath(resource));
    if (list === 'unknown') return 'unknown';
    if (list !== undefined) return (list.resources ?? []).map(({ name }) => name);
    if (resource.group === '') return 'not-served';
    const group = await this.#get<unknown>(`/apis/${resource.group}`);
    return group === undefined ? 'not-served' : group === 'unknown' ? 'unknown' : 'other-version';
  }

  /** The answer, undefined for 404, `unknown` for anything else. */
  async #get<T>(path: string): Promise<T | undefined | 'unknown'> {
    try {
      return (await this.#transport.request<T>({ method: 'GET', path })).body;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return error.status === 404 ? undefined : 'unknown';
    }
  }
}
