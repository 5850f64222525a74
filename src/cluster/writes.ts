import { ApiError } from '../domain/errors.ts';
import { type ApiVerbs, type DeleteGuard, FIELD_MANAGER, type JsonPatchOp } from '../domain/verbs.ts';
import type { ApiRequest, Transport } from './api.ts';
import type { OpenConnection } from './connection.ts';

export interface WriteOptions {
  /** The server tries admission and permissions and stores nothing. */
  readonly dryRun: boolean;
  /** Texts of the server's Warning headers. */
  readonly onWarning: (text: string) => void;
}

type Body = Record<string, unknown>;

/**
 * The guarded verbs (domain/verbs.ts) on a transport. Every write says who manages its fields.
 * Unknown fields only warn (fieldValidation): a manifest that a newer server wrote must come back on an older one, and
 * what it dropped is found by comparing afterwards; Strict would refuse the whole restore.
 */
export function apiVerbs({ transport, written }: Pick<OpenConnection, 'transport' | 'written'>, options: WriteOptions): ApiVerbs {
  const send = async (request: ApiRequest): Promise<Body> => {
    const { body, warnings } = await transport.request<Body>(request);
    for (const warning of warnings ?? []) options.onWarning(warning);
    if (!options.dryRun) written.publish(body);
    return body;
  };
  const query = { fieldManager: FIELD_MANAGER, fieldValidation: 'Warn', dryRun: options.dryRun ? 'All' : undefined };
  return {
    get: (path) => getOrUndefined(transport, path),
    create: (path, body) => send({ method: 'POST', path, query, body }),
    jsonPatch: (path: string, ops: readonly JsonPatchOp[]) =>
      send({ method: 'PATCH', path, query, body: ops, contentType: 'application/json-patch+json' }),
    strategicPatch: (path, body) => send({ method: 'PATCH', path, query, body, contentType: 'application/strategic-merge-patch+json' }),
    async delete(path, guard) {
      const body = deleteOptions(guard, options.dryRun);
      await send(guard.evicts === true ? evictionOf(path, body) : { method: 'DELETE', path, body });
    },
  };
}

/** The object as served, or undefined for 404. Rejects with ApiError. */
export async function getOrUndefined(transport: Transport, path: string): Promise<Body | undefined> {
  try {
    return (await transport.request<Body>({ method: 'GET', path })).body;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The Pod is deleted with these options, if its PodDisruptionBudgets allow it. */
function evictionOf(path: string, options: Body): ApiRequest {
  const [, namespace = '', name = ''] = /\/namespaces\/([^/]+)\/pods\/([^/]+)$/.exec(path) ?? [];
  const metadata = { namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) };
  return {
    method: 'POST',
    path: `${path}/eviction`,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions: options },
  };
}

function deleteOptions(guard: DeleteGuard, dryRun: boolean): Body {
  const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = guard;
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions: { uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
}
