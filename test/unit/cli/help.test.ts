import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/cli/exit.ts';
import { commandHelp, optionsHelp, overview } from '../../../src/cli/help.ts';
import { commands, words } from '../../../src/cli/manifest.ts';
import { oclif } from '../../../src/cli/version.ts';
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

  it('has examples, its own flags, and where the others are', () => {
    expect(text).toContain('EXAMPLES\n  # ');
    const own = Object.entries(spec.flags).filter(([, { helpGroup }]) => helpGroup === 'OPTIONS' || helpGroup === 'CONFIRMATION');
    for (const [name] of own) expect(text).toMatch(new RegExp(`^  .*--${name}\\b`, 'm'));
    expect(text).not.toContain('--kubeconfig');
    expect(text).toContain('"kubectl sts-safe options"');
  });

  it('fits on one screen', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(60);
  });

  it('fits into 80 columns, but for what must not be broken', () => {
    const long = text.split('\n').filter((line) => line.length > 80 && !/^ {2}(kubectl|#)/.test(line));
    expect(long).toEqual([]);
  });

  it.each(spec.examples.map(({ command }) => command))('has an example that works: %s', async (command) => {
    const line = command.slice('kubectl sts-safe '.length);
    expect(command).toBe(`kubectl sts-safe ${line}`);
    expect(line).toContain(words(id));
    if (id !== 'options') expect(await asked(line)).toBeDefined();
  });
});

describe('overview', () => {
  const root = overview(commands, oclif.topics, []);

  it('is as it was looked at last', () => {
    expect(root).toMatchSnapshot();
    expect(root.split('\n').length).toBeLessThanOrEqual(60);
  });

  it('has every exit code, and the commands of each topic on one line', () => {
    for (const { code } of exitCodes) expect(root).toMatch(new RegExp(`^  ${code} `, 'm'));
    expect(root).toMatch(/^ {2}pvc +PVCs and their data: list, orphans,/m);
  });

  it('lists the commands of a topic', () => {
    const toys = ['list', 'retire'].map((verb) => ({ ...commands[0]!, id: `toy:${verb}`, summary: `${verb} PVCs` }));
    const text = overview([...commands, ...toys], {}, ['toy']);
    expect(text).toContain('kubectl sts-safe toy COMMAND [flags]');
    expect(text).toContain('toy retire  retire PVCs');
    expect(text).not.toContain('  scale ');
  });
});

describe('options', () => {
  it('is as it was looked at last', () => {
    expect(optionsHelp(commands)).toMatchSnapshot();
  });

  it('has every flag that the help of a command leaves out', () => {
    const shared = commands.flatMap((spec) =>
      Object.keys(spec.flags).filter((name) => !new RegExp(`--${name}\\b`).test(commandHelp(spec))),
    );
    for (const name of new Set(shared)) expect(optionsHelp(commands)).toMatch(new RegExp(` --?${name}\\b`));
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
