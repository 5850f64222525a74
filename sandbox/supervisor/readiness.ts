import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** Between two tries on loopback; one costs well under a millisecond. */
const pause = 40;

/** Tries until `probe` answers true. Ends with the signal's error when the signal aborts, and with a sentence after `seconds`. */
export async function until(what: string, probe: () => Promise<boolean>, signal: AbortSignal, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await probe().catch(() => false))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${seconds} s.`);
    await delay(pause, undefined, { signal });
  }
}

/** True if the loopback port answers 200. The serving certificate is not looked at: the components share one. */
export function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('error', () => resolve(false));
    asked.once('timeout', () => asked.destroy());
    asked.end();
  });
}
