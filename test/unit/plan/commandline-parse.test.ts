import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectionFlags, flagWords } from '../../../src/cluster/flags.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { commandLine, type OperationLine } from '../../../src/plan/commandline.ts';
import { loadScenario, scenarioNames } from '../../support/scenario.ts';
import { askedOf } from '../cli/fakes.ts';

/** Law 12: what is printed as a command is read back by a shell and by the real parser as the very same request. */

function shellWords(line: string): readonly string[] {
  return execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** What the command that the words name asks of the session, and where. */
async function requested(words: readonly string[]): Promise<unknown> {
  const [request, values] = (await askedOf(words))?.arguments ?? [];
  return { ...(request as object), values };
}

const word = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme-ascii' });
/** Connection flags as they may be given, and the context that was used. */
const reached = fc.record(
  {
    kubeconfig: word,
    cluster: word,
    user: word,
    server: word,
    token: word,
    as: word,
    asGroup: fc.array(word, { minLength: 1, maxLength: 3 }),
    asUid: word,
    certificateAuthority: word,
    clientCertificate: word,
    clientKey: word,
    insecureSkipTlsVerify: fc.constant(true),
    tlsServerName: word,
    context: word,
  },
  { requiredKeys: [] },
);

/** By the names that the parser gives them. */
function typedFlags({ token, ...given }: ConnectionFlags): Record<string, unknown> {
  const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flags = Object.fromEntries(Object.entries(given).map(([key, value]) => [kebab(key), value]));
  return { ...flags, ...(token === undefined ? {} : { token: '<token>' }) };
}

const replicas = fc.nat({ max: 2000 });
const yes = fc.option(fc.constant(true), { nil: undefined });
const options = {
  scale: fc.record({ replicas, currentReplicas: fc.option(replicas, { nil: undefined }), oneByOne: yes }),
  delete: fc.record({ deleteClaims: yes, withService: yes }),
  restore: fc.record({ archive: fc.option(fc.constant('sts-safe.web.12'), { nil: undefined }), adopt: yes }),
  cancel: fc.constant({}),
  'rollout start': fc.record({
    image: fc.constant(['db=registry.example/db:2', '*=app@sha256:0']),
    steps: fc.option(fc.constant(['1', '50%', '100%']), { nil: undefined }),
    soak: fc.option(fc.constant('90000ms'), { nil: undefined }),
    restartBudget: fc.option(fc.nat(9), { nil: undefined }),
  }),
  'rollout undo': fc.record({ toRevision: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }) }),
  'rollout restart': fc.record({ pauseAt: fc.option(fc.constant(['1']), { nil: undefined }) }),
  'rollout promote': fc.record({ full: yes, soak: fc.option(fc.constant('0ms'), { nil: undefined }) }),
  'rollout resume': fc.record({ restartBudget: fc.option(fc.nat(9), { nil: undefined }) }),
  'rollout pause': fc.constant({}),
} as const;

describe.each(Object.entries(options))('%s', (operation, arbitrary) => {
  test('is read back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary as fc.Arbitrary<Record<string, unknown>>, reached, async (chosen, given) => {
        const line: OperationLine = {
          operation: operation,
          name: 'web',
          options: chosen,
        };
        const place = { namespace: 'prod', flags: flagWords(given, given.context ?? '') };
        const [kubectl, plugin, ...words] = shellWords(commandLine(line, place));
        expect([kubectl, plugin]).toEqual(['kubectl', 'sts-safe']);
        const asked = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
        expect(await requested(words)).toMatchObject({
          operation,
          name: 'web',
          options: asked,
          values: { namespace: 'prod', ...typedFlags(given) },
        });
      }),
      { numRuns: 15 },
    );
  }, 30_000);
});

test('an operation’s --allow and --reason are read back', async () => {
  const line = commandLine(
    {
      operation: 'scale',
      name: 'web',
      options: { replicas: 1, allow: ['pdb-min-available', 'short-grace'], reason: "moving it's disks\u00a0now" },
    },
    { namespace: 'prod', flags: [] },
  );
  const [, , ...words] = shellWords(line);
  expect(await requested(words)).toMatchObject({
    common: { allow: ['pdb-min-available', 'short-grace'], reason: "moving it's disks\u00a0now" },
  });
});

test('every command of this plugin that doctor proposes for a scenario is one that the parser takes', async () => {
  const place = { namespace: 'prod', flags: ['--context', 'eu'] };
  const lines = scenarioNames()
    .map((name) => loadScenario(name).snapshot)
    .flatMap((snapshot) => DIAGNOSES.flatMap((diagnosis) => diagnosis.run(snapshot)))
    .flatMap((found) => found.remedies.filter((remedy) => remedy.do === 'operation').map((remedy) => commandLine(remedy, place)));
  const distinct = [...new Set(lines)];
  expect(distinct.length).toBeGreaterThan(8);
  for (const line of distinct) {
    const [, , ...words] = shellWords(line);
    expect(await askedOf(words), line).toBeDefined();
  }
});

test('a token is never printed, and what was given empty or is off is as good as not given', () => {
  expect(flagWords({ token: 's3cret', as: '', insecureSkipTlsVerify: false, asGroup: [], requestTimeout: '5s' }, '')).toEqual([
    '--token',
    '<token>',
  ]);
  expect(flagWords({ context: 'asked' }, 'used')).toEqual(['--context', 'used']);
});
