import { ApiError } from '../domain/errors.ts';
import type { KubeObject } from '../domain/kube.ts';
import type { Transport } from './api.ts';

/** kubectl takes 500. Several lists are read at once, and of 500 Pods, 3 MB, a process keeps some ten times that much (docs/benchmarks.md). */
const PAGE = 100;

export interface ListQuery<T> {
  readonly path: string;
  /** Keeps what is used of an object; undefined leaves it out. The page itself is dropped (law 6). */
  readonly decode: (raw: KubeObject) => T | undefined;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The server sends nothing of the objects but their metadata. */
  readonly metadataOnly?: true;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** Of the one consistent state that all pages show: where a watch begins. */
  readonly resourceVersion: string;
}

interface Page {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[] | null;
}

/**
 * A whole list, consistent and not from a stale cache (no resourceVersion is asked for), in pages. When the pages' state
 * expires on the way (410), it is read again in one piece, as client-go's pager does. Rejects with ApiError.
 */
export async function listAll<T>(transport: Transport, query: ListQuery<T>): Promise<Listed<T>> {
  try {
    return await listPages(transport, query, PAGE);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 410) throw error;
    return listPages(transport, query, undefined);
  }
}

async function listPages<T>(transport: Transport, query: ListQuery<T>, limit: number | undefined): Promise<Listed<T>> {
  const items: T[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await readPage(transport, query, limit, next);
    for (const raw of page.items ?? []) {
      const item = query.decode(raw);
      if (item !== undefined) items.push(item);
    }
    next = page.metadata.continue;
    if (next === undefined || next === '') return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}

async function readPage<T>(transport: Transport, query: ListQuery<T>, limit: number | undefined, next: string | undefined): Promise<Page> {
  const { path, fieldSelector, labelSelector, signal, metadataOnly } = query;
  const { body } = await transport.request<Page>({
    method: 'GET',
    path,
    query: { limit: limit?.toString(), continue: next, fieldSelector, labelSelector },
    ...(metadataOnly === undefined ? {} : { metadataOnly }),
    ...(signal === undefined ? {} : { signal }),
  });
  return body;
}
