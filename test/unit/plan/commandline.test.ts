import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, shellQuote } from '../../../src/plan/commandline.ts';

const place = { namespace: 'prod', flags: [] };

describe('our operations', () => {
  test.each([
    [{}, 'kubectl sts-safe scale web -n prod'],
    [{ replicas: 2 }, 'kubectl sts-safe scale web --replicas 2 -n prod'],
    [{ deleteClaims: true, withService: false, saveTo: undefined }, 'kubectl sts-safe scale web --delete-claims -n prod'],
    [{ allow: ['a-b', 'c'] }, 'kubectl sts-safe scale web --allow a-b,c -n prod'],
    [{ allow: [] }, 'kubectl sts-safe scale web -n prod'],
    [{ reason: "it's time" }, "kubectl sts-safe scale web --reason 'it'\\''s time' -n prod"],
    [{ reason: '-x' }, 'kubectl sts-safe scale web --reason=-x -n prod'],
  ])('%j', (options, line) => expect(commandLine({ operation: 'scale', name: 'web', options }, place)).toBe(line));

  test('one of two words is two words', () =>
    expect(commandLine({ operation: 'rollout start', name: 'web', options: {} }, place)).toBe(
      'kubectl sts-safe rollout start web -n prod',
    ));

  test('the flags that were given come along', () => {
    const flags = ['--context', 'kind kind', '--as', 'root'];
    expect(commandLine({ operation: 'cancel', name: 'web', options: {} }, { namespace: 'prod', flags })).toBe(
      "kubectl sts-safe cancel web -n prod --context 'kind kind' --as root",
    );
  });
});

describe('remedies', () => {
  const remedy = (...args: readonly string[]) => commandLine({ do: 'kubectl', args }, place);
  const web = { kind: 'statefulset', name: 'web' };
  test('an operation, of two words and with options', () =>
    expect(commandLine({ do: 'operation', operation: 'rollout abort', subject: web, options: { timeout: '5m', wait: true } }, place)).toBe(
      'kubectl sts-safe rollout abort web --timeout 5m --wait -n prod',
    ));
  test('a command about no object', () =>
    expect(commandLine({ do: 'operation', operation: 'operations', options: {} }, place)).toBe('kubectl sts-safe operations -n prod'));
  test('of kubectl', () => expect(remedy('delete', 'pod', 'web-1')).toBe('kubectl delete pod web-1 -n prod'));
  test('JSON is quoted', () => expect(remedy('patch', 'sts', 'web', '-p', '{"a":1}')).toBe(`kubectl patch sts web -p '{"a":1}' -n prod`));
  test('the namespace comes before what is passed on', () =>
    expect(remedy('exec', 'web-0', '--', 'ls', '-n')).toBe('kubectl exec web-0 -n prod -- ls -n'));
  test.each([['-nother'], ['-n'], ['--namespace=other'], ['-A']])('a namespace that is there already is kept: %s', (flag) =>
    expect(remedy('get', 'pods', flag)).toBe(`kubectl get pods ${flag}`),
  );
});

describe('shell quoting', () => {
  test('only when needed', () => {
    expect(shellQuote('web-1')).toBe('web-1');
    expect(shellQuote('a=b,c:/d.e')).toBe('a=b,c:/d.e');
    expect(shellQuote('')).toBe("''");
    expect(shellQuote('~root')).toBe("'~root'");
  });
  test('a POSIX shell reads back the very words', () => {
    const word = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 20, maxLength: 30 }), (words) => {
        const echoed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
        expect(echoed.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 20 },
    );
  });
});
