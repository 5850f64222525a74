/** What oclif makes of our arguments must be what the normaliser made of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/manifest.ts';
import { runCommand } from '../../../src/cli/program.ts';
import type { Session } from '../../../src/cli/session.ts';
import { registry } from '../../../src/registry.ts';
import { askedOf, noting } from './fakes.ts';

/** What `delete web` was told beside the name. */
async function flagsOf(...argv: readonly string[]): Promise<unknown> {
  return (await askedOf(['delete', ...argv]))?.arguments[1];
}

describe('a command that oclif runs', () => {
  it.each([
    ['web', {}],
    ['web --delete-claims=false --yes=false', { 'delete-claims': false, yes: false }],
    ['web --delete-claims --yes -n prod', { 'delete-claims': true, yes: true, namespace: 'prod' }],
    ['web --reason=--yes --namespace=prod --user=-n', { reason: '--yes', namespace: 'prod', user: '-n' }],
    ['web --reason= --confirm==x', { reason: '', confirm: '=x' }],
    ['web --allow a,b --allow c --as-group x,y --as-group z', { allow: ['a', 'b', 'c'], 'as-group': ['x,y', 'z'] }],
    ['web --dry-run -v6 --timeout 1m --request-timeout 5', { 'dry-run': 'client', v: 6, timeout: 60_000, 'request-timeout': 5000 }],
  ])('gets "%s" as it was typed', async (line, flags) => {
    expect(await flagsOf(...line.split(' '))).toEqual(flags);
  });

  it('gets any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(fc.string(), { minLength: 1 }), async (reason, groups) => {
        const typed = groups.map((group) => `--as-group=${group}`);
        expect(await flagsOf('web', `--reason=${reason}`, ...typed)).toEqual({ reason, 'as-group': groups });
      }),
      { numRuns: 50 },
    );
  });

  it('gets its names in their order, each once', async () => {
    expect(await askedOf(['status', 'a', 'b', '--', 'a', 'c'])).toMatchObject({ arguments: [{ names: ['a', 'b', 'c'] }, {}, {}] });
  });

  it("returns the command's exit code and leaves the process's alone", async () => {
    const input = { args: ['web'], flags: {} };
    const ending = (change: Session['change']): Session => ({ ...noting().session, change });
    await expect(
      runCommand(
        registry,
        'delete',
        input,
        ending(() => Promise.resolve(4)),
      ),
    ).resolves.toBe(4);
    await expect(
      runCommand(
        registry,
        'delete',
        input,
        ending(() => Promise.reject(new Error('mine'))),
      ),
    ).rejects.toThrow(/^mine$/);
    expect(process.exitCode).toBeUndefined();
  });
});

it('leaves a broken stdout to cli/exit.ts', async () => {
  await askedOf(['version']);
  expect(process.stdout.listeners('error').map(String).join()).not.toContain('EPIPE');
});

describe('the manifest', () => {
  it('has the commands of the registry, in their order', () => {
    expect(commands.map(({ id }) => id)).toEqual(Object.keys(registry));
  });

  it.each(Object.entries(registry))('has the flags and arguments of %s: npm run manifest', async (id, load) => {
    const { flags, baseFlags, args } = await load();
    const spec = commands.find((command) => command.id === id);
    expect(Object.keys(spec?.flags ?? {}).sort()).toEqual([...new Set([...Object.keys(flags), ...Object.keys(baseFlags)])].sort());
    expect(Object.keys(spec?.args ?? {})).toEqual(Object.keys(args));
  });
});
