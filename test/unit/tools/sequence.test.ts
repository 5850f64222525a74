import { expect, it } from 'vitest';
import { inSequence } from '../../../bench/sequence.ts';

const sent = (at: number, request: string) => ({ at, text: `${request}, client certificate` });
const answered = (at: number, request: string) => ({ at, text: `${request} 200 OK in 9 milliseconds` });

it('counts requests that wait for each other, and not what goes on beside them', () => {
  expect(inSequence([])).toBe(0);
  const run = [
    sent(0, 'GET https://a/pods'),
    sent(0, 'GET https://a/PVCs'),
    sent(0, 'GET https://a/pods?watch=1'),
    answered(10, 'GET https://a/pods'),
    sent(11, 'PATCH https://a/set'),
    answered(12, 'GET https://a/PVCs'),
    sent(13, 'POST https://a/namespaces/n/events?fieldManager=x'),
    answered(21, 'PATCH https://a/set'),
    { at: 22, text: 'step finished' },
    answered(23, 'POST https://a/namespaces/n/events?fieldManager=x'),
    sent(24, 'PATCH https://a/set'),
    answered(34, 'PATCH https://a/set'),
  ];
  expect(inSequence(run)).toBe(3);
  // One that was never answered holds up nobody.
  expect(inSequence(run.slice(0, -1))).toBe(2);
});
