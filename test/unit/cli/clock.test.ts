import { expect, it } from 'vitest';
import { realClock } from '../../../src/cli/clock.ts';

it('does not take a time longer than timers can count for none at all', async () => {
  const left = new AbortController();
  const sleep = realClock.sleep(2 ** 40, left.signal);
  expect(await Promise.race([sleep.then(() => 'over'), realClock.sleep(20).then(() => 'sleeping')])).toBe('sleeping');
  left.abort(new Error('left'));
  await expect(sleep).rejects.toThrow('left');
});
