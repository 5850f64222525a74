import { Command } from '@oclif/core/command';
import { Config } from '@oclif/core/config';
import { boolean, string } from '@oclif/core/flags';
import type { PJSON, Plugin } from '@oclif/core/interfaces';
import type { Normalised } from './argv.ts';
import { type CommandSpec, words } from './command.ts';
import type { FlagSpec, RawValue } from './flag.ts';
import { name, oclif, version } from './version.ts';

/** What a command class does with its input; the caller binds the session. */
export type RunCommand = (spec: CommandSpec, input: Normalised) => Promise<number>;

/**
 * Runs a command through oclif: a Config with one plugin that is only in memory, so that source, bundle and single
 * executable work alike and no command file is looked for at run time.
 *
 * @returns the command's exit code.
 */
export async function runThroughOclif(specs: readonly CommandSpec[], id: string, input: Normalised, run: RunCommand): Promise<number> {
  // On Windows oclif starts PowerShell to find out the shell when this is not set.
  if (process.platform === 'win32') process.env['SHELL'] ??= 'unknown';
  const config = await Config.load({ root: '/', pjson, plugins: new Map([[name, memoryPlugin(specs, run)]]) });
  return config.runCommand<number>(id, toOclifArgv(input));
}

const pjson: PJSON = { name, version, oclif: { bin: oclif.bin, dirname: oclif.dirname, topicSeparator: ' ' } };

/** All that oclif asks of a root plugin. */
function memoryPlugin(specs: readonly CommandSpec[], run: RunCommand): Plugin {
  const commands = specs.map((spec) => ({
    id: spec.id,
    aliases: [],
    hiddenAliases: [],
    hidden: false,
    args: {},
    flags: {},
    load: () => Promise.resolve(commandClass(spec, run)),
  }));
  return {
    _base: '',
    alias: name,
    name,
    version,
    pjson,
    root: '/',
    type: 'core',
    moduleType: 'module',
    valid: true,
    isRoot: true,
    hooks: {},
    topics: [],
    hasManifest: false,
    commandsDir: undefined,
    options: { root: '/' },
    commands,
    commandIDs: specs.map((spec) => spec.id),
    load: () => Promise.resolve(),
    // Only plugins of plugins are asked this way; the Config itself loads from `commands`.
    findCommand: () => Promise.reject(new Error('not searched')),
  };
}

/** oclif's class of a command: its metadata for the manifest, and a `run` that parses and goes on to ours. */
export function commandClass(spec: CommandSpec, run: RunCommand): Command.Class {
  return class extends Command {
    static override id = spec.id;
    static override summary = spec.summary;
    static override description = spec.description;
    static override usage = [words(spec.id), spec.usage, '[flags]'].filter((part) => part !== '').join(' ');
    static override examples = spec.examples.map(({ what, line }) => ({ description: what, command: `${oclif.bin} ${line}` }));
    static override flags = Object.fromEntries(Object.entries(spec.flags).map(([flag, of]) => [flag, oclifFlag(of)]));
    static override strict = false;

    async run(): Promise<number> {
      const { flags, raw } = await this.parse(this.ctor);
      // Not `argv`: oclif sorts that by first appearance, so `a b a` would come out as `a a b`.
      const args = raw.filter(({ type }) => type === 'arg').map(({ input }) => input);
      return run(spec, { args, flags: fromOclif(flags) });
    }

    /** oclif would set process.exitCode and guess a code; errors and codes have their home in cli/exit.ts. */
    protected override catch(error: Error): Promise<never> {
      return Promise.reject(error);
    }
  };
}

function oclifFlag(spec: FlagSpec) {
  const told = { description: spec.help, helpGroup: spec.group, ...(spec.short && spec.short !== 'v' ? { char: spec.short as 'n' } : {}) };
  if (spec.kind === 'bool') return boolean({ ...told, allowNo: true });
  const valued = {
    ...told,
    helpValue: spec.value ?? spec.oneOf?.join('|') ?? 'VALUE',
    parse: (value: string) => Promise.resolve(value.slice(1)),
  };
  return spec.kind === 'list' ? string({ ...valued, multiple: true, multipleNonGreedy: true }) : string(valued);
}

/**
 * The one spelling that oclif reads right whatever the value is. It takes `--reason=--yes` for a reason without a
 * value, because the value is also a flag; so every value gets a `=` in front, which the flags' `parse` takes off.
 */
function toOclifArgv({ args, flags }: Normalised): string[] {
  const spelled = Object.entries(flags).flatMap(([flag, value]) => {
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return [value].flat().map((one) => `--${flag}==${one}`);
  });
  return [...spelled, '--', ...args];
}

function fromOclif(flags: object): Readonly<Record<string, RawValue>> {
  return Object.fromEntries(Object.entries(flags).map(([flag, value]) => [flag, value as RawValue]));
}
