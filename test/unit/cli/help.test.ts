import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/cli/exit.ts';
import { commandHelp, overview } from '../../../src/cli/help.ts';
import { commands, words } from '../../../src/cli/manifest.ts';
import { asked } from './fakes.ts';

describe.each(commands.map((spec) => [spec.id, spec] as const))('help of %s', (id, spec) => {
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

  it.each(spec.examples.map(({ command }) => command))('has an example that works: %s', async (command) => {
    const line = command.slice('kubectl sts-safe '.length);
    expect(command).toBe(`kubectl sts-safe ${line}`);
    expect(line).toContain(words(id));
    expect(await asked(line)).toBeDefined();
  });
});

describe('overview', () => {
  it('is as it was looked at last', () => {
    expect(overview(commands, [])).toMatchSnapshot();
  });

  it('lists the commands of a topic', () => {
    const toys = ['list', 'retire'].map((verb) => ({ ...commands[0]!, id: `toy:${verb}`, summary: `${verb} claims` }));
    const text = overview([...commands, ...toys], ['toy']);
    expect(text).toContain('kubectl sts-safe toy COMMAND [flags]');
    expect(text).toContain('toy retire  retire claims');
    expect(text).not.toContain('  scale ');
  });
});

describe('flags of all commands', () => {
  it('mean the same wherever they are', () => {
    const kinds = new Map<string, string>();
    for (const { id, flags } of commands) {
      for (const [name, { kind, char = '', bare = '' }] of Object.entries(flags)) {
        const meaning = `${kind} ${char} ${bare}`;
        expect(kinds.get(name) ?? meaning, `--${name} of ${id}`).toBe(meaning);
        kinds.set(name, meaning);
      }
    }
  });

  it('have letters that mean one flag only', () => {
    const letters = commands.flatMap(({ flags }) => Object.entries(flags).flatMap(([name, { char }]) => (char ? [`${char} ${name}`] : [])));
    const distinct = [...new Set(letters)];
    expect(distinct.map((entry) => entry[0])).toEqual([...new Set(distinct.map((entry) => entry[0]))]);
  });
});
