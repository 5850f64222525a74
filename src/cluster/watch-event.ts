import { ApiError } from '../domain/errors.ts';
import type { KubeObject } from '../domain/kube.ts';

/** One line of a watch, sorted by what it means to a reflector. */
export type WatchEvent =
  | { readonly type: 'put'; readonly object: KubeObject }
  | { readonly type: 'gone'; readonly object: KubeObject }
  /** Nothing changed up to this resourceVersion. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  /** The server ends the watch; 410 means that its history no longer reaches back to us. */
  | { readonly type: 'error'; readonly error: ApiError };

interface RawEvent {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number; readonly message?: string; readonly reason?: string };
}

/** Decodes a line; a type that we do not know is an error: the store could miss a change. Throws ApiError for what is not JSON. */
export function decodeWatchLine(line: string, request: string): WatchEvent {
  const { type, object } = parse(line, request);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'put', object };
    case 'DELETED':
      return { type: 'gone', object };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: object.metadata.resourceVersion };
    case 'ERROR':
      return { type: 'error', error: broken(request, object.message ?? 'the watch ended', object.code, object.reason) };
    default:
      throw broken(request, `unknown watch event ${JSON.stringify(type)}`);
  }
}

function parse(line: string, request: string): RawEvent {
  try {
    return JSON.parse(line) as RawEvent;
  } catch (error) {
    throw broken(request, `a watch line is not JSON: ${(error as Error).message}`);
  }
}

function broken(request: string, message: string, status?: number, reason = 'WatchBroken'): ApiError {
  return new ApiError({ message, status, reason, sent: status === undefined ? 'unanswered' : 'rejected', request });
}
