import { describe, expect, it } from 'vitest';
import { ask, type GatePorts } from '../../../src/gates/ask.ts';
import { judge } from '../../../src/gates/judge.ts';
import { type Gate, parseGate } from '../../../src/plan/gate.ts';

const gate = (text: string): Gate => parseGate(text, 'monitoring/prometheus:9090') as Gate;
const command = (code: number, stderr = '', stdout = '') => ({ of: 'command', code, stderr, stdout }) as const;
const http = (status: number, body = '') => ({ of: 'http', status, body }) as const;
const vector = (...values: readonly string[]): string =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1_780_000_000, value] })) },
  });

describe('what a gate makes of what came back', () => {
  it.each([
    ['exec:true', command(0, '', 'fine'), true, 'exit code 0: fine'],
    ['exec:true', command(3, 'connecting\nno leader\n'), false, 'exit code 3: no leader'],
    ['http:80/', http(302), true, 'HTTP 302'],
    ['http:80/', http(503, 'starting'), false, 'HTTP 503: starting'],
    ['http:80/=503', http(503), true, 'HTTP 503'],
    ['http:80/~"role":\\s*"primary"', http(200, '{"role": "primary"}'), true, 'HTTP 200: {"role": "primary"}'],
    ['http:80/~leader', http(200, 'follower'), false, 'HTTP 200, without leader in it: follower'],
    ['promql:up > 0', http(200, vector('1', '1')), true, 'value 1, 1'],
    ['promql:up > 0', http(200, vector('1', '0')), false, 'value 0'],
    ['promql:up > 0', http(200, vector('NaN')), false, 'value NaN'],
    ['promql:up > 0', http(200, vector()), false, 'no sample'],
    ['promql:scalar(up) == 1.5', http(200, '{"status":"success","data":{"resultType":"scalar","result":[1,"1.5"]}}'), true, 'value 1.5'],
    ['promql:up > 0', http(400, '{"status":"error","errorType":"bad_data","error":"parse error"}'), false, 'HTTP 400: parse error'],
    ['promql:up > 0', http(503, 'no endpoints available'), false, 'HTTP 503: no endpoints available'],
  ])('%s', (text, observation, holds, said) => {
    expect(judge(gate(text), observation)).toEqual({ holds, said });
  });

  it('is shown in part where it is long', () => {
    expect(judge(gate('exec:true'), command(1, 'x'.repeat(5000))).said.length).toBeLessThan(200);
  });
});

describe('whom a gate asks', () => {
  const subject = { namespace: 'shop', set: 'db', pod: 'db-2', container: 'main' };
  const asked: unknown[] = [];
  const ports: GatePorts = {
    inPod: async (about, words) => {
      asked.push([about.pod, about.container, words]);
      return await Promise.resolve({ code: 0, stdout: '', stderr: '' });
    },
    get: async (path) => {
      asked.push(path);
      return await Promise.resolve({ status: 200, body: vector('1') });
    },
    found: async (about, server) => {
      asked.push([about.pod, server]);
      return await Promise.resolve({ holds: true, said: 'DNS answers' });
    },
    here: async (line, env) => {
      asked.push([line, env]);
      return await Promise.reject(new Error('sh: not found'));
    },
  };

  it.each([
    ['exec:pg_isready', ['db-2', 'main', ['sh', '-c', 'pg_isready']]],
    ['https:8443/ready', '/api/v1/namespaces/shop/pods/https:db-2:8443/proxy/ready'],
    ['srv', ['db-2', undefined]],
    ['promql:up > 0', '/api/v1/namespaces/monitoring/services/http:prometheus:9090/proxy/api/v1/query?query=up'],
  ])('%s', async (text, request) => {
    expect(await ask(gate(text), subject, ports, new AbortController().signal)).toMatchObject({ holds: true });
    expect(asked.at(-1)).toEqual(request);
  });

  it('tells why there is no answer', async () => {
    expect(await ask(gate('command:nosuch'), subject, ports, new AbortController().signal)).toEqual({
      holds: false,
      said: 'sh: not found',
    });
    expect(asked.at(-1)).toEqual(['nosuch', { STS_SAFE_NAMESPACE: 'shop', STS_SAFE_STATEFULSET: 'db', STS_SAFE_POD: 'db-2' }]);
  });
});
