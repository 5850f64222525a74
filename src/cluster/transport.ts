import type { Clock } from '../domain/clock.ts';
import { ApiError } from '../domain/errors.ts';
import type { ApiRequest, ApiResponse, Transport } from './api.ts';
import type { Credentials, Endpoint, Identity } from './endpoint.ts';
import { Connections } from './transport/connections.ts';
import { type Opened, readBody, readChunks } from './transport/exchange.ts';
import { Limits } from './transport/limits.ts';
import { LineSplitter } from './transport/lines.ts';
import { retryWait } from './transport/retry.ts';
import { ServerClock } from './transport/server-clock.ts';
import { errorFromAnswer } from './transport/status.ts';
import type { RequestLog } from './transport/verbose.ts';
import { parseWarnings } from './transport/warnings.ts';
import { bodyText, headersOf, urlOf } from './transport/wire.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface TransportParts {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: RequestLog;
  /** --request-timeout in milliseconds; undefined is our default, 0 no limit. */
  readonly timeoutMs: number | undefined;
  /** 0 ≤ random() < 1. */
  readonly random: () => number;
}

/** Transport (api.ts) over Node's own clients of HTTP/2 and HTTP/1.1. */
export class HttpTransport implements Transport {
  readonly #parts: TransportParts;
  readonly #connections: Connections;
  readonly #serverClock: ServerClock;
  readonly #streams = new Set<AbortController>();

  constructor(parts: TransportParts) {
    this.#parts = parts;
    this.#connections = new Connections(parts.endpoint, parts.clock);
    this.#serverClock = new ServerClock(parts.clock);
  }

  async request<T = unknown>(request: ApiRequest): Promise<ApiResponse<T>> {
    for (let retries = 0; ; retries++) {
      try {
        return await this.#authenticated(request, (identity) => this.#ask<T>(request, identity));
      } catch (error) {
        const wait = error instanceof ApiError ? this.#waitBeforeRetry(request, error, retries) : undefined;
        if (wait === undefined) throw error;
        await this.#parts.clock.sleep(wait, request.signal);
      }
    }
  }

  async stream(request: ApiRequest, onLine: (line: string) => void, onOpen?: () => void): Promise<void> {
    const closed = new AbortController();
    this.#streams.add(closed);
    const signal = request.signal === undefined ? closed.signal : AbortSignal.any([closed.signal, request.signal]);
    try {
      await this.#authenticated(request, (identity) => this.#listen({ ...request, signal }, identity, onLine, onOpen));
    } finally {
      this.#streams.delete(closed);
    }
  }

  serverNow(): number {
    return this.#serverClock.now();
  }

  close(): void {
    for (const stream of this.#streams) stream.abort(new Error('the connection was closed'));
    this.#connections.close();
  }

  /** A 401 is tried again once where other credentials can be had: the server did nothing, so this holds for writes too. */
  async #authenticated<R>(request: ApiRequest, run: (identity: Identity) => Promise<R>): Promise<R> {
    const { credentials } = this.#parts;
    const identity = await credentials.identity();
    try {
      return await run(identity);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (request.signal?.aborted === true && request.method === 'GET') throw request.signal.reason;
      if (error.status !== 401 || !(await credentials.renew(identity))) throw error;
    }
    return run(await credentials.identity());
  }

  async #ask<T>(request: ApiRequest, identity: Identity): Promise<ApiResponse<T>> {
    const limits = new Limits(this.#parts.clock, request.timeoutMs ?? this.#parts.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal);
    try {
      const opened = await this.#open(request, identity, limits, false);
      const text = await readBody(opened);
      this.#parts.log.body(urlOf(this.#parts.endpoint.server, request), text);
      return {
        status: opened.status,
        body: request.asText === true ? (text as T) : decode<T>(text, opened),
        warnings: parseWarnings(opened.headers['warning']),
      };
    } finally {
      limits.release();
    }
  }

  async #listen(request: ApiRequest, identity: Identity, onLine: (line: string) => void, onOpen?: () => void): Promise<void> {
    const limits = new Limits(this.#parts.clock, request.timeoutMs ?? 0, request.signal);
    try {
      const opened = await this.#open(request, identity, limits, true);
      onOpen?.();
      const lines = new LineSplitter(onLine);
      await readChunks(opened, (chunk) => {
        limits.alive();
        lines.push(chunk);
      });
    } finally {
      limits.release();
    }
  }

  /** Sends, and resolves with the head of a 2xx answer; everything else rejects with ApiError. */
  async #open(request: ApiRequest, identity: Identity, limits: Limits, streaming: boolean): Promise<Opened> {
    const { endpoint, clock, log } = this.#parts;
    const { method } = request;
    const url = urlOf(endpoint.server, request);
    const body = bodyText(request.body);
    const headers = headersOf(request, body, endpoint, identity, streaming);
    const started = clock.now();
    log.sending(method, url, identity, body);
    try {
      const wire = { name: `${method} ${request.path}`, url, method, headers, body, streaming };
      const opened = await this.#connections.open(wire, identity, (destroy) => limits.arm(destroy));
      const { status, statusText, headers: answer } = opened;
      this.#serverClock.observe(answer.date);
      log.answered(method, url, `${status} ${statusText}`, clock.now() - started);
      if (status >= 200 && status < 300) return opened;
      const text = await readBody(opened);
      log.body(url, text);
      throw errorFromAnswer({ request: wire.name, status, statusText, body: text, retryAfter: answer['retry-after'] });
    } catch (error) {
      if (error instanceof ApiError && error.status === undefined) log.failed(method, url, error, clock.now() - started);
      throw error;
    }
  }

  #waitBeforeRetry(request: ApiRequest, error: ApiError, retries: number): number | undefined {
    return request.method === 'GET' && request.asText !== true ? retryWait(error, retries, this.#parts.random()) : undefined;
  }
}

function decode<T>(text: string, opened: Opened): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw opened.broken(error as Error);
  }
}
