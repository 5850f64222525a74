import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorFromBreakage, isTimeout, isTlsFailure } from '../../../src/cluster/transport/breakage.ts';
import { LineSplitter } from '../../../src/cluster/transport/lines.ts';
import { retryWait } from '../../../src/cluster/transport/retry.ts';
import { ServerClock } from '../../../src/cluster/transport/server-clock.ts';
import { errorFromAnswer } from '../../../src/cluster/transport/status.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { parseWarnings } from '../../../src/cluster/transport/warnings.ts';
import { bodyText, headersOf, urlOf } from '../../../src/cluster/transport/wire.ts';
import { apiError, JumpingClock } from './fakes.ts';

function answer(status: number, body: string, statusText = 'Text'): Parameters<typeof errorFromAnswer>[0] {
  return { request: 'PATCH /x', status, statusText, body, retryAfter: undefined };
}

describe('errorFromAnswer', () => {
  it('takes a Status apart', () => {
    const body = { kind: 'Status', message: 'it moved', reason: 'Conflict', details: { name: 'web', retryAfterSeconds: 3 } };
    expect(errorFromAnswer(answer(409, JSON.stringify(body)))).toMatchObject({
      message: 'it moved',
      status: 409,
      reason: 'Conflict',
      sent: 'rejected',
      retryAfterSeconds: 3,
      details: { name: 'web' },
    });
  });

  it.each([
    [400, 'rejected'],
    [401, 'rejected'],
    [404, 'rejected'],
    [422, 'rejected'],
    [429, 'rejected'],
    [408, 'unanswered'],
    [500, 'unanswered'],
    [502, 'unanswered'],
    [504, 'unanswered'],
  ] as const)('%d is %s', (status, sent) => {
    expect(errorFromAnswer(answer(status, '')).sent).toBe(sent);
  });

  it('shows the beginning of text that is no Status, but no HTML', () => {
    expect(errorFromAnswer(answer(502, 'upstream\n gone', 'Bad Gateway')).message).toBe(
      'the server answered 502 Bad Gateway: upstream gone',
    );
    expect(errorFromAnswer(answer(502, '<html>', 'Bad Gateway'))).toMatchObject({
      message: 'the server answered 502 Bad Gateway',
      reason: 'BadGateway',
    });
    expect(errorFromAnswer(answer(500, '{"kind":"Status"')).message).toContain('500');
  });
});

describe('errorFromBreakage', () => {
  const broken = (code: string, connected: boolean) =>
    errorFromBreakage({ request: 'POST /x', error: Object.assign(new Error('x'), { code }), connected });

  it('knows that nothing was sent before the connection stood, and nothing else', () => {
    expect(broken('ECONNREFUSED', false).sent).toBe('not-sent');
    expect(broken('ECONNRESET', false).sent).toBe('not-sent');
    expect(broken('ECONNRESET', true).sent).toBe('unanswered');
    expect(broken('EPIPE', true).sent).toBe('unanswered');
    expect(broken('ETIMEDOUT', true).sent).toBe('unanswered');
  });

  it('knows that a server which refuses the certificate never reads the request', () => {
    expect(broken('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true).sent).toBe('not-sent');
    expect(broken('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true).sent).toBe('not-sent');
    expect(broken('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true).sent).toBe('not-sent');
    expect(broken('ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', true).sent).toBe('unanswered');
  });

  it('sorts time-outs and TLS failures', () => {
    expect(isTimeout(broken('ETIMEDOUT', true))).toBe(true);
    expect(isTlsFailure(broken('CERT_HAS_EXPIRED', false))).toBe(true);
    expect(isTlsFailure(broken('ECONNREFUSED', false))).toBe(false);
  });
});

describe('retryWait', () => {
  it('tries a broken connection again at once, and then with growing waits, three times', () => {
    const error = apiError();
    expect(retryWait(error, 0, 0.5)).toBe(0);
    expect(retryWait(error, 1, 0.5)).toBe(400);
    expect(retryWait(error, 2, 0.5)).toBe(800);
    expect(retryWait(error, 3, 0.5)).toBeUndefined();
  });

  it('follows Retry-After, within reason', () => {
    const busy = (retryAfterSeconds: number) => apiError({ status: 429, sent: 'rejected', retryAfterSeconds });
    expect(retryWait(busy(1), 0, 0)).toBe(1_100);
    expect(retryWait(busy(60), 0, 0)).toBeUndefined();
  });

  it('tells other failures at once', () => {
    expect(retryWait(apiError({ reason: 'ECONNREFUSED', sent: 'not-sent' }), 0, 0)).toBeUndefined();
    expect(retryWait(apiError({ reason: 'ETIMEDOUT' }), 0, 0)).toBeUndefined();
    expect(retryWait(apiError({ status: 404, sent: 'rejected' }), 0, 0)).toBeUndefined();
    expect(retryWait(apiError({ status: 503 }), 0, 0)).toBe(100);
  });
});

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '\n', '{', '}'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), (content, cuts) => {
        const lines: string[] = [];
        const splitter = new LineSplitter((line) => lines.push(line));
        const bytes = Buffer.from(content);
        const places = [0, ...cuts.toSorted((a, b) => a - b).filter((at) => at < bytes.length), bytes.length];
        for (const [index, at] of places.entries()) splitter.push(bytes.subarray(at, places[index + 1] ?? bytes.length));
        expect(lines).toEqual(
          content
            .split('\n')
            .slice(0, -1)
            .filter((line) => line !== ''),
        );
        splitter.end();
        expect(lines).toEqual(content.split('\n').filter((line) => line !== ''));
      }),
    );
  });
});

describe('ServerClock', () => {
  it('comes close to the truth from whole seconds, and never goes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5_000_000, max: 5_000_000 }), fc.array(fc.nat({ max: 3_000 }), { minLength: 1 }), (skew, waits) => {
        const clock = new JumpingClock();
        const server = new ServerClock(clock);
        let last = Number.NEGATIVE_INFINITY;
        for (const wait of waits) {
          clock.advance(wait);
          const truth = clock.now() + skew;
          server.observe(new Date(Math.floor(truth / 1000) * 1000).toUTCString());
          expect(server.now()).toBeLessThanOrEqual(truth);
          expect(server.now()).toBeGreaterThan(truth - 1_000);
          expect(server.now()).toBeGreaterThanOrEqual(last);
          last = server.now();
        }
      }),
    );
  });

  it('believes a clock that was set back, and no nonsense', () => {
    const clock = new JumpingClock();
    const server = new ServerClock(clock);
    server.observe(undefined);
    server.observe('yesterday');
    expect(server.now()).toBe(clock.now());
    server.observe(new Date(clock.now() - 60_000).toUTCString());
    expect(server.now()).toBe(clock.now() - 60_000);
  });
});

describe('requests on the wire', () => {
  const endpoint = { impersonation: { 'Impersonate-User': 'ann' }, compression: true };

  it('have a Content-Length on everything but GETs, in bytes', () => {
    expect(headersOf({ method: 'DELETE' }, '{"ü":1}', endpoint, {}, false)).toMatchObject({
      'content-length': '8',
      'content-type': 'application/json',
      'Impersonate-User': 'ann',
    });
    expect(headersOf({ method: 'POST' }, undefined, endpoint, {}, false)['content-length']).toBe('0');
    expect(headersOf({ method: 'GET' }, undefined, endpoint, { authorization: 'Bearer x' }, false)).toMatchObject({
      'accept-encoding': 'gzip',
      authorization: 'Bearer x',
    });
    expect(headersOf({ method: 'GET' }, undefined, endpoint, {}, true)['accept-encoding']).toBeUndefined();
  });

  it('leave out query values that are not there', () => {
    expect(urlOf('https://s/prefix', { path: '/api/v1/pods', query: { limit: '5', continue: undefined, fieldSelector: 'a=b' } })).toBe(
      'https://s/prefix/api/v1/pods?limit=5&fieldSelector=a%3Db',
    );
  });

  it('bring warnings back', () => {
    expect(parseWarnings('299 - "unknown field \\"spec.x\\"", 299 - "deprecated", 199 - "no"')).toEqual([
      'unknown field "spec.x"',
      'deprecated',
    ]);
    expect(parseWarnings(undefined)).toEqual([]);
  });
});

describe('RequestLog', () => {
  it('never shows credentials or Secrets', () => {
    const lines: string[] = [];
    const log = new RequestLog(9, (line) => lines.push(line));
    log.sending(
      'POST',
      'https://s/api/v1/namespaces/a/secrets',
      { authorization: 'Bearer s3cret', cert: 'c', key: 'k3y' },
      '{"data":"s3cret"}',
    );
    log.body('https://s/api/v1/namespaces/a/secrets?limit=5', 's3cret');
    log.body('https://s/api/v1/namespaces/a/pods', 'x'.repeat(2_000));
    expect(lines.join('\n')).not.toMatch(/s3cret|k3y/);
    expect(lines.join('\n')).toContain('Authorization: Bearer <masked>, client certificate');
    expect(lines.at(-1)).toContain('[truncated 976 chars]');
  });

  it('names each request from 6 on', () => {
    const lines: string[] = [];
    new RequestLog(5, (line) => lines.push(line)).answered('GET', 'https://s/x', '200 OK', 12.4);
    new RequestLog(6, (line) => lines.push(line)).answered('GET', 'https://s/x', '200 OK', 12.4);
    expect(lines).toEqual(['GET https://s/x 200 OK in 12 milliseconds']);
  });
});

describe('bodyText', () => {
  it('writes JSON as Go does: a JSON patch test compares strings as they are written', () => {
    expect(bodyText([{ op: 'test', value: 'a && b <c >d \u2028\u2029 é' }])).toBe(
      '[{"op":"test","value":"a \\u0026\\u0026 b \\u003cc \\u003ed \\u2028\\u2029 é"}]',
    );
    expect([bodyText('as it is &'), bodyText(undefined)]).toEqual(['as it is &', undefined]);
  });

  it('means the same', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (json) => {
        expect(JSON.parse(bodyText([JSON.parse(json)]) ?? '')).toEqual([JSON.parse(json)]);
      }),
    );
  });
});
