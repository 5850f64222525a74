/** Time is injected (law 9): main wires the real one, tests a fake one. */
export interface Clock {
  /** Milliseconds since the epoch by this machine; differences only, the server's clock decides ages. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
