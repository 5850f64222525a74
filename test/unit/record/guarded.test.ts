import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/domain/clock.ts';
import { ApiError, StoppedError } from '../../../src/domain/errors.ts';
import { guardedWrite, type Patience } from '../../../src/record/guarded.ts';

const silence = new ApiError({ message: 'gone', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: 'PATCH' });
const conflict = new ApiError({ message: 'conflict', status: 409, reason: 'Conflict', sent: 'rejected', request: 'PATCH' });

/** Time passes only by sleeping. */
function patience(stop = new AbortController().signal): Patience & { readonly silences: ApiError[]; now: number } {
  const silences: ApiError[] = [];
  const at = { now: 0 };
  const clock: Clock = {
    now: () => at.now,
    sleep: async (ms) => {
      at.now += ms;
    },
  };
  return {
    clock,
    stop,
    silences,
    onSilence: (error) => silences.push(error),
    get now() {
      return at.now;
    },
  };
}

describe('a guarded write', () => {
  it('is tried again while the server is away, tells of it once, and gives up after a minute', async () => {
    const waiting = patience();
    await expect(guardedWrite(waiting, () => Promise.reject(silence))).rejects.toBe(silence);
    expect(waiting.now).toBeGreaterThan(60_000);
    expect(waiting.now).toBeLessThan(70_000);
    expect(waiting.silences).toEqual([silence]);
  });

  it('comes back to a busy server when it is asked to', async () => {
    const fields = { message: 'too many requests', status: 429, reason: 'TooManyRequests', request: 'PATCH' } as const;
    const busy = new ApiError({ ...fields, sent: 'rejected', retryAfterSeconds: 5 });
    const waiting = patience();
    let tries = 0;
    const attempt = (): Promise<string> => ((tries += 1) < 8 ? Promise.reject(busy) : Promise.resolve('written'));
    expect(await guardedWrite(waiting, attempt)).toBe('written');
    expect(waiting.now).toBe(35_000);
    expect(waiting.silences).toEqual([busy]);
  });

  it.each([403, 409, 422, 429, 500])('takes what admission says for an answer, with code %d too', async (status) => {
    const admission = { kind: 'webhook', name: 'x', verdict: 'denied', message: 'no' } as const;
    const denial = new ApiError({ message: 'denied', status, reason: '', sent: 'rejected', request: 'PATCH', admission });
    const waiting = patience();
    let tries = 0;
    const attempt = (): Promise<void> => {
      tries += 1;
      return Promise.reject(denial);
    };
    await expect(guardedWrite(waiting, attempt)).rejects.toBe(denial);
    expect([tries, waiting.now, waiting.silences]).toEqual([1, 0, []]);
  });

  it('waits for no server when the operator leaves', async () => {
    const stop = new AbortController();
    const waiting = patience(stop.signal);
    let tries = 0;
    const attempt = (): Promise<void> => {
      tries += 1;
      if (tries === 3) stop.abort(new StoppedError('interrupt', 'Ctrl-C'));
      return Promise.reject(silence);
    };
    await expect(guardedWrite(waiting, attempt)).rejects.toMatchObject({ name: 'StoppedError', by: 'interrupt' });
    expect(tries).toBe(3);
  });

  it('ends a wait that has begun as soon as the operator leaves', async () => {
    const stop = new AbortController();
    const clock: Clock = {
      now: () => 0,
      sleep: (_ms, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('over')))),
    };
    const write = guardedWrite({ clock, stop: stop.signal, onSilence: () => queueMicrotask(() => stop.abort()) }, () =>
      Promise.reject(silence),
    );
    await expect(write).rejects.toBeInstanceOf(StoppedError);
  });

  it('settles a conflict all the same: the server is there, and what is left must be known', async () => {
    const stop = AbortSignal.abort(new StoppedError('interrupt', 'Ctrl-C'));
    let tries = 0;
    const attempt = (): Promise<string> => ((tries += 1) < 3 ? Promise.reject(conflict) : Promise.resolve('written'));
    expect(await guardedWrite(patience(stop), attempt)).toBe('written');
  });
});
