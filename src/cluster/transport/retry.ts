import type { ApiError } from '../../domain/errors.ts';

/** Attempts after the first one. */
const MAX_RETRIES = 3;

/** A server that asks for more patience than this is reported instead: the caller has something to say meanwhile. */
const MAX_WAIT_MS = 10_000;

const FIRST_WAIT_MS = 200;

/**
 * How long to wait before a GET is tried again; undefined when it is not worth it. Writes are never retried here.
 * 429 and 5xx (API priority and fairness, a server that starts or stops) follow Retry-After; a broken connection is tried
 * at once the first time, because one kept alive may merely have been closed at the other end. A refused connection or a
 * time-out is told at once.
 *
 * @param retries how many tries came after the first one so far
 * @param random 0 ≤ random < 1, spreads clients that failed together
 */
export function retryWait(error: ApiError, retries: number, random: number): number | undefined {
  if (retries >= MAX_RETRIES || !worthIt(error)) return undefined;
  if (error.status === undefined && retries === 0) return 0;
  const spread = 0.5 + random;
  const wait =
    error.retryAfterSeconds === undefined ? FIRST_WAIT_MS * 2 ** retries * spread : error.retryAfterSeconds * 1000 + FIRST_WAIT_MS * spread;
  return wait > MAX_WAIT_MS ? undefined : wait;
}

function worthIt(error: ApiError): boolean {
  if (error.status === undefined) return error.sent === 'unanswered' && error.reason !== 'ETIMEDOUT';
  return error.status === 429 || error.status >= 500;
}
