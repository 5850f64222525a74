import { inject } from 'vitest';
import './provided.ts';

/** Runs what `npm test` only samples: the whole matrix, a thousand members, real time-outs. */
export const long = process.env.STS_SAFE_LONG === '1';

/** Of this run, the same in all its files; a failed sample is repeated with STS_SAFE_SEED. */
export const seed = inject('seed');

/** mulberry32: from 0 to below 1, the same row for the same seed. */
export function randomFrom(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
