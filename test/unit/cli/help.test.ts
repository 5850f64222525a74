import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/cli/argv.ts';
import { words } from '../../../src/cli/command.ts';
import { exitCodes } from '../../../src/cli/exit.ts';
import { findCommand } from '../../../src/cli/find.ts';
import { commandHelp, overview } from '../../../src/cli/help.ts';
import { readValues } from '../../../src/cli/values.ts';
import { registry } from '../../../src/registry.ts';
import { noting } from './fakes.ts';

describe.each(registry.map((spec) => [spec.id, spec] as const))('help of %s', (id, spec) => {
  const text = commandHelp(spec);

  it('is as it was looked at last', () => {
    expect(text).toMatchSnapshot();
  });

  it('names the program as it is typed', () => {
    expect(text).toContain(`USAGE\n  kubectl sts-safe ${words(id)} `);
    expect(text).not.toMatch(/kubectl-sts|sts_safe/);
  });

  it('has examples, flags and every exit code', () => {
    expect(text).toContain('EXAMPLES\n  # ');
    expect(text).toContain('-h, --help');
    for (const { code } of exitCodes) expect(text).toMatch(new RegExp(`^  ${code} `, 'm'));
  });

  it('fits into 80 columns, but for what must not be broken', () => {
    const long = text.split('\n').filter((line) => line.length > 80 && !/^ {2}(kubectl|#)/.test(line));
    expect(long).toEqual([]);
  });

  it.each(spec.examples.map(({ line }) => line))('has an example that works: %s', async (line) => {
    const found = findCommand(line.split(' '), registry);
    expect(found.spec?.id).toBe(id);
    const { args, flags } = normalise(found.rest, spec.flags);
    const { session } = noting();
    await expect(Promise.resolve(spec.run({ args, flags: readValues(flags, spec.flags) }, session))).resolves.toBe(0);
  });
});

describe('overview', () => {
  it('is as it was looked at last', () => {
    expect(overview(registry, [])).toMatchSnapshot();
  });

  it('lists the commands of a topic', () => {
    const toys = ['list', 'retire'].map((verb) => ({ ...registry[0]!, id: `toy:${verb}`, summary: `${verb} claims` }));
    const text = overview([...registry, ...toys], ['toy']);
    expect(text).toContain('kubectl sts-safe toy COMMAND [flags]');
    expect(text).toContain('toy retire  retire claims');
    expect(text).not.toContain('  scale ');
  });
});

describe('flags of all commands', () => {
  it('mean the same wherever they are', () => {
    const kinds = new Map<string, string>();
    for (const { id, flags } of registry) {
      for (const [name, { kind, short = '', bare = '' }] of Object.entries(flags)) {
        const meaning = `${kind} ${short} ${bare}`;
        expect(kinds.get(name) ?? meaning, `--${name} of ${id}`).toBe(meaning);
        kinds.set(name, meaning);
      }
    }
  });

  it('have letters that mean one flag only', () => {
    const letters = registry.flatMap(({ flags }) =>
      Object.entries(flags).flatMap(([name, { short }]) => (short ? [`${short} ${name}`] : [])),
    );
    const distinct = [...new Set(letters)];
    expect(distinct.map((entry) => entry[0])).toEqual([...new Set(distinct.map((entry) => entry[0]))]);
  });
});
