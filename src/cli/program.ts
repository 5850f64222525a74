import type { Command } from '@oclif/core/command';
import { Config } from '@oclif/core/config';
import type { PJSON, Plugin } from '@oclif/core/interfaces';
import type { Normalised } from './argv.ts';
import { guard } from './flag.ts';
import { commands } from './manifest.ts';
import type { Session } from './session.ts';
import { name, oclif, version } from './version.ts';

/** How the class of each command is loaded, by its id: each in a chunk of its own. */
export type Loaders = Readonly<Record<string, () => Promise<Command.Class>>>;

const pjson: PJSON = { name, version, oclif: { bin: oclif.bin, dirname: oclif.dirname, topicSeparator: ' ', topics: oclif.topics } };

/**
 * oclif's Config with one plugin that is only in memory, filled from the manifest: source, bundle and single executable work
 * alike, no file is looked for at run time, and the one class that runs is loaded.
 */
export class ProgramConfig extends Config {
  /** What commands reach; none where there is only help to show. */
  readonly session: Session | undefined;

  constructor(loaders: Loaders, session?: Session) {
    super({ root: '/', pjson, plugins: new Map([[name, memoryPlugin(loaders)]]) });
    this.session = session;
  }

  static async of(loaders: Loaders, session?: Session): Promise<ProgramConfig> {
    // On Windows oclif starts PowerShell to find out the shell when this is not set.
    if (process.platform === 'win32') process.env['SHELL'] ??= 'unknown';
    const config = new ProgramConfig(loaders, session);
    await config.load();
    return config;
  }

  /** oclif would read colors for its help out of a file in the user's home. */
  override loadTheme(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** Runs a command by oclif. @returns its exit code */
export async function runCommand(loaders: Loaders, id: string, input: Normalised, session: Session): Promise<number> {
  const config = await ProgramConfig.of(loaders, session);
  return config.runCommand<number>(id, toOclifArgv(input));
}

/** All that oclif asks of a root plugin. */
function memoryPlugin(loaders: Loaders): Plugin {
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
    hasManifest: true,
    commandsDir: undefined,
    options: { root: '/' },
    commands: commands.map((spec) => ({ ...(spec as unknown as Command.Cached), load: () => load(loaders, spec.id) })),
    commandIDs: commands.map(({ id }) => id),
    load: () => Promise.resolve(),
    // Only plugins of plugins are asked this way; the Config itself loads from `commands`.
    findCommand: () => Promise.reject(new Error('not searched')),
  };
}

async function load(loaders: Loaders, id: string): Promise<Command.Class> {
  const loader = loaders[id];
  if (loader === undefined) throw new Error(`no class for ${id}: src/registry.ts and the manifest differ`);
  const command = await loader();
  command.id = id;
  return command;
}

/**
 * The one spelling that oclif reads right whatever the value is. It takes `--reason=--yes` for a reason without a value,
 * because the value is also a flag; so such a value gets a guard in front, which the flags' `parse` takes off.
 */
function toOclifArgv({ args, flags }: Normalised): string[] {
  const spelled = Object.entries(flags).flatMap(([flag, value]) => {
    if (typeof value === 'boolean') return [value ? `--${flag}` : `--no-${flag}`];
    return [value].flat().map((one) => `--${flag}=${/^[-=]/.test(one) ? guard : ''}${one}`);
  });
  return [...spelled, '--', ...args];
}
