import { ApiError } from '../domain/errors.ts';
import type { KubeObject } from '../domain/kube.ts';
import type { Transport } from './api.ts';

/** kubectl takes 500. Several lists are read at once, and of 500 Pods, 3 MB, a process keeps some ten times that much (docs/benchmarks.md). */
const PAGE = 100;
/** Metadata alone is a third of a Pod. */
const METADATA_PAGE = 500;

export interface ListQuery<T> {
  readonly path: string;
  /** Keeps what is used of an object; undefined leaves it out. The page itself is dropped (law 6). */
  readonly decode: (raw: KubeObject) => T | undefined;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The server sends nothing of the objects but their metadata. */
  readonly metadataOnly?: true | undefined;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** Of the one consistent state that all pages show: where a watch begins. */
  readonly resourceVersion: string;
}

/** The first page of a list. */
export interface FirstPage<T> extends Listed<T> {
  /** Where the list goes on; absent: that is all of it. */
  readonly next?: string;
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
  const page = await listFirst(transport, query, limitOf(query));
  if (page.next === undefined) return page;
  const { anew, items, resourceVersion } = await listRest(transport, query, page.next);
  return { items: anew ? items : [...page.items, ...items], resourceVersion };
}

/** As much of a list as fits on one page. Rejects with ApiError. */
export async function listFirst<T>(transport: Transport, query: ListQuery<T>, limit: number | undefined): Promise<FirstPage<T>> {
  const { items, next, resourceVersion } = await readPage(transport, query, limit, undefined);
  return { items, resourceVersion, ...(next === undefined ? {} : { next }) };
}

/** What follows a first page, in the same state; or the whole list `anew`, in a newer one, where that has expired. Rejects with ApiError. */
export async function listRest<T>(
  transport: Transport,
  query: ListQuery<T>,
  from: string,
): Promise<Listed<T> & { readonly anew: boolean }> {
  try {
    const items: T[] = [];
    let version = '';
    for (let next: string | undefined = from; next !== undefined; ) {
      const page: ReadPage<T> = await readPage(transport, query, limitOf(query), next);
      for (const item of page.items) items.push(item);
      ({ next, resourceVersion: version } = page);
    }
    return { items, resourceVersion: version, anew: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 410) throw error;
    return { ...(await listFirst(transport, query, undefined)), anew: true };
  }
}

interface Table {
  readonly columnDefinitions: readonly { readonly format: string }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

/**
 * The names of what follows a first page, in one answer: 150 bytes each, where metadata has kilobytes of managedFields. A Table
 * marks the column of names (meta/v1, TableColumnDefinition.format). Rejects with ApiError.
 */
export async function namesAfter(transport: Transport, path: string, from: string): Promise<readonly string[]> {
  const query = { continue: from, includeObject: 'None' };
  const { body } = await transport.request<Table>({ method: 'GET', path, query, asTable: true });
  const column = body.columnDefinitions.findIndex(({ format }) => format === 'name');
  return body.rows.map(({ cells }) => String(cells[column]));
}

function limitOf({ metadataOnly }: Pick<ListQuery<unknown>, 'metadataOnly'>): number {
  return metadataOnly === undefined ? PAGE : METADATA_PAGE;
}

interface ReadPage<T> extends Listed<T> {
  readonly next: string | undefined;
}

async function readPage<T>(
  transport: Transport,
  query: ListQuery<T>,
  limit: number | undefined,
  from: string | undefined,
): Promise<ReadPage<T>> {
  const { path, decode, fieldSelector, labelSelector, signal, metadataOnly } = query;
  const { body } = await transport.request<Page>({
    method: 'GET',
    path,
    query: { limit: limit?.toString(), continue: from, fieldSelector, labelSelector },
    ...(metadataOnly === undefined ? {} : { metadataOnly }),
    ...(signal === undefined ? {} : { signal }),
  });
  const items = (body.items ?? []).flatMap((raw) => decode(raw) ?? []);
  const { continue: next = '', resourceVersion = '' } = body.metadata;
  return { items, resourceVersion, next: next === '' ? undefined : next };
}
