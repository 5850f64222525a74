import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ApiError } from '../../domain/errors.ts';

/**
 * Probes start after this much silence. TCP's: libuv then sends ten, a second apart, so that a watch on a peer that has
 * vanished breaks after about 25 s, and a quiet one lives on (law 7). HTTP/2's own: see h2-session.ts.
 */
export const PROBE_AFTER_MS = 15_000;

/** A connection that has idled longer may have been closed at the other end: a write on it could only be lost. */
export const MAX_IDLE_MS = 20_000;

/** One request as it is put on a connection. */
export interface Wire {
  /** For messages: `GET /api/…`. */
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
  /** The answer may take for ever. */
  readonly streaming: boolean;
}

/** Gets a function that ends an exchange from outside. */
export type Kill = (destroy: (error: Error) => void) => void;

/** The head of an answer, and the way to the rest of it, whatever the protocol. */
export interface Opened {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Whether a body that has ended has done so properly: where a connection breaks off, a stream of HTTP/2 may just end. */
  readonly whole: () => boolean;
  /** Ends the exchange; what reads the answer then fails with `error`. */
  readonly destroy: (error: Error) => void;
  /** The typed error for a break while the answer is read. */
  readonly broken: (error: Error) => ApiError;
}

/** Reads an answer to its end as text. Rejects with ApiError when it breaks off. */
export async function readBody(opened: Opened): Promise<string> {
  const chunks: Buffer[] = [];
  await readChunks(opened, (chunk) => chunks.push(chunk));
  const bytes = Buffer.concat(chunks);
  return opened.headers['content-encoding'] === 'gzip' ? unzip(bytes, opened) : bytes.toString('utf8');
}

/** Hands on the bytes of an answer as they come; resolves at its proper end, rejects with ApiError when it breaks off. */
export function readChunks(opened: Opened, onChunk: (chunk: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { body } = opened;
  body.on('data', (chunk: Buffer) => {
    try {
      onChunk(chunk);
    } catch (error) {
      opened.destroy(error as Error);
    }
  });
  body.once('error', (error) => reject(opened.broken(error)));
  body.once('end', () => (opened.whole() ? resolve() : reject(opened.broken(closedError()))));
  // Or without an end.
  body.once('close', () => reject(opened.broken(closedError())));
  return promise;
}

/** Says for an exchange that ended without a word what Node says of a socket. */
export function closedError(): NodeJS.ErrnoException {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

function unzip(bytes: Buffer, opened: Opened): Promise<string> {
  return new Promise((resolve, reject) => {
    process.getBuiltinModule('node:zlib').gunzip(bytes, (error, plain) => {
      if (error === null) resolve(plain.toString('utf8'));
      else reject(opened.broken(error));
    });
  });
}
