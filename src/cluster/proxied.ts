import { ApiError } from '../domain/errors.ts';
import type { Transport } from './api.ts';

/** What somebody answered to whom the API server passed a GET on. */
export interface PassedOn {
  readonly status: number;
  readonly body: string;
}

/** How a proxied answer is told that is not 2xx (transport/status.ts, bareMessage). */
const NOT_OURS = /^the server answered \d+/;

/**
 * A GET of a proxy of the API server: an answer of whoever is behind it is one, whatever its status. Rejects with ApiError where the API
 * server itself refuses, or cannot reach it.
 */
export async function getPassedOn(transport: Transport, path: string, signal: AbortSignal): Promise<PassedOn> {
  try {
    const { status, body } = await transport.request<string>({ method: 'GET', path, asText: true, signal });
    return { status, body };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === undefined || !NOT_OURS.test(error.message)) throw error;
    return { status: error.status, body: error.message.replace(/^[^:]*:?\s*/, '') };
  }
}
