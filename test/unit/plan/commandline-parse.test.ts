import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../../src/cli/argv.ts';
import { findCommand } from '../../../src/cli/find.ts';
import { readValues } from '../../../src/cli/values.ts';
import { commandLine, type OperationLine } from '../../../src/plan/commandline.ts';
import { registry } from '../../../src/registry.ts';
import { FakeIo, noting } from '../cli/fakes.ts';

/** Law 12: what is printed as a command is read back by a shell and by the real parser as the very same request. */

function shellWords(line: string): readonly string[] {
  return execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** What the command that the words name asks of the session, and where. */
async function requested(words: readonly string[]): Promise<unknown> {
  const { session, calls } = noting(new FakeIo());
  const { spec, rest } = findCommand(words, registry);
  if (spec === undefined) throw new Error(`no command in ${words.join(' ')}`);
  const { args, flags } = normalise(rest, spec.flags);
  const values = readValues(flags, spec.flags);
  await spec.run({ args, flags: values }, session);
  const [request] = calls[0]?.arguments ?? [];
  return { ...(request as object), namespace: flags['namespace'], context: flags['context'] };
}

const context = fc.option(fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme-ascii' }), { nil: undefined });
const replicas = fc.nat({ max: 2000 });
const yes = fc.option(fc.constant(true), { nil: undefined });
const options = {
  scale: fc.record({ replicas, currentReplicas: fc.option(replicas, { nil: undefined }), oneByOne: yes }),
  delete: fc.record({ deleteClaims: yes, withService: yes }),
  restore: fc.record({ archive: fc.option(fc.constant('sts-safe.web.12'), { nil: undefined }), adopt: yes }),
  cancel: fc.constant({}),
} as const;

describe.each(Object.entries(options))('%s', (operation, arbitrary) => {
  test('is read back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary as fc.Arbitrary<Record<string, unknown>>, context, async (chosen, named) => {
        const line: OperationLine = {
          operation: operation as keyof typeof options,
          target: { namespace: 'prod', name: 'web' },
          options: chosen,
          context: named,
        };
        const [kubectl, plugin, ...words] = shellWords(commandLine(line));
        expect([kubectl, plugin]).toEqual(['kubectl', 'sts-safe']);
        const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
        expect(await requested(words)).toMatchObject({
          operation,
          name: 'web',
          options: given,
          namespace: 'prod',
          ...(named === undefined ? {} : { context: named }),
        });
      }),
      { numRuns: 15 },
    );
  }, 30_000);
});

test('an operation’s --allow and --reason are read back', async () => {
  const line = commandLine({
    operation: 'scale',
    target: { namespace: 'prod', name: 'web' },
    options: { replicas: 1, allow: ['pdb-min-available', 'short-grace'], reason: "moving it's disks\u00a0now" },
  });
  const [, , ...words] = shellWords(line);
  expect(await requested(words)).toMatchObject({
    common: { allow: ['pdb-min-available', 'short-grace'], reason: "moving it's disks\u00a0now" },
  });
});
