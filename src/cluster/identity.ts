import { ApiError, CannotError } from '../domain/errors.ts';
import type { KubeObject } from '../domain/kube.ts';
import type { ClusterRef, Target } from '../domain/snapshot.ts';
import type { Connection } from './api.ts';
import { connectionFailure } from './connect-errors.ts';
import { objectPath } from './slices/resource.ts';
import { SET_RESOURCE } from './slices/table.ts';

/**
 * Which cluster this is (product, section 2): the UID of namespace kube-system; where that may not be read, the hash of
 * the server's CA with the UID of the set's namespace, or of the set.
 */
export class ClusterIdentity {
  readonly #connection: Connection;
  #system: Promise<string | undefined> | undefined;
  readonly #others = new Map<string, Promise<string>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Rejects with CannotError when the cluster cannot be told for another reason than permissions. */
  async of(target: Target): Promise<ClusterRef> {
    const { context, server, flags } = this.#connection;
    this.#system ??= this.#uid('/api/v1/namespaces/kube-system');
    return { context, server, flags, identity: (await this.#system) ?? (await this.#other(target)) };
  }

  #other(target: Target): Promise<string> {
    const key = `${target.namespace}/${target.name}`;
    const known = this.#others.get(key) ?? this.#ask(target);
    this.#others.set(key, known);
    return known;
  }

  async #ask(target: Target): Promise<string> {
    const namespace = await this.#uid(`/api/v1/namespaces/${encodeURIComponent(target.namespace)}`);
    const uid = namespace ?? (target.name === '' ? undefined : await this.#uid(objectPath(SET_RESOURCE, target.namespace, target.name)));
    return `${this.#connection.authority}/${uid ?? target.namespace}`;
  }

  /** Undefined where the server does not let us see it, or does not have it. */
  async #uid(path: string): Promise<string | undefined> {
    try {
      return (await this.#connection.transport.request<KubeObject>({ method: 'GET', path })).body.metadata.uid;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 403 || error.status === 404) return undefined;
      throw (
        connectionFailure(error, this.#connection) ??
        new CannotError(`cannot tell which cluster this is: ${error.message}`, undefined, error)
      );
    }
  }
}
