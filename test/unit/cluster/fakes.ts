import { setImmediate } from 'node:timers/promises';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/cluster/api.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import type { KubeObject } from '../../../src/domain/kube.ts';

/** A clock that stands still until somebody sleeps, and then jumps: sleeps end after one turn of the event loop. */
export class JumpingClock implements Clock {
  #now = Date.parse('2026-06-01T12:00:00Z');
  readonly slept: number[] = [];

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    // Long sleeps are limits of something else, and end with it.
    if (ms >= 5_000) return this.#untilAborted(signal);
    await setImmediate();
    signal?.throwIfAborted();
    this.#now += ms;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  #untilAborted(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  }
}

/** Some turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

export function apiError(fields: Partial<ConstructorParameters<typeof ApiError>[0]> = {}): ApiError {
  return new ApiError({ message: 'no', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: 'GET /', ...fields });
}

export function podNamed(name: string, uid: string, resourceVersion: string): KubeObject {
  return { metadata: { name, uid, resourceVersion, namespace: 'prod' } };
}

/** A transport that answers from a function; streams never say anything until closed. */
export class FakeTransport implements Transport {
  readonly requests: ApiRequest[] = [];
  readonly #answer: (request: ApiRequest) => unknown;

  constructor(answer: (request: ApiRequest) => unknown) {
    this.#answer = answer;
  }

  async request<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    this.requests.push(request);
    await setImmediate();
    const body = await this.#answer(request);
    if (body instanceof Error) throw body;
    return { status: 200, body: body as T };
  }

  stream(request: ApiRequest, _onLine: (line: string) => void, onOpen?: () => void): Promise<void> {
    this.requests.push(request);
    onOpen?.();
    return new Promise((_, reject) => request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error)));
  }

  serverNow(): number {
    return 1_000_000;
  }

  close(): void {
    // nothing is open
  }
}
